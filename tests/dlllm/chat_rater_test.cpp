// Concepts rated by a server, over real sockets; and what was rated remembered.

#include "paa/dlllm/chat_rater.h"

#include <cmath>
#include <fstream>

#include "catch.h"
#include "core/temporary_folder.h"
#include "loopback_server.h"
#include "paa/chat/http_chat.h"
#include "paa/core/error.h"
#include "paa/dlllm/cached_rater.h"
#include "paa/dlllm/standard_concepts.h"

using namespace paa;
using Connection = LoopbackServer::Connection;

namespace {

const Image kGrey{8, 6, std::vector<std::uint8_t>(8 * 6 * 3, 128)};

HttpChat chat_at(const LoopbackServer& server) {
  HttpChatOptions options;
  options.url = server.url();
  options.model = "sees";
  options.first_wait_ms = 1;
  return HttpChat(options);
}

std::vector<ConceptPhoto> photos(std::size_t count) {
  std::vector<ConceptPhoto> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    result[i].sha256 = std::string(64, static_cast<char>('a' + i));
    result[i].image = &kGrey;
  }
  return result;
}

Json body_of(const std::string& request) { return parse_json(request.substr(request.find("\r\n\r\n") + 4), "request"); }

std::string question_in(const std::string& request) {
  return body_of(request)["messages"][0]["content"][1]["text"].get<std::string>();
}

LoopbackServer::Script says(const std::string& text, const Json& alternatives = nullptr) {
  return [=](const Connection& connection) {
    Json choice = {{"message", {{"content", text}}}, {"finish_reason", "stop"}};
    if (!alternatives.is_null()) {
      choice["logprobs"]["content"] = Json::array({Json{{"token", text}, {"logprob", -0.1}, {"top_logprobs", alternatives}}});
    }
    connection.answer(200, to_text({{"choices", {choice}}}));
  };
}

Json chance(const char* token, double probability) { return {{"token", token}, {"logprob", std::log(probability)}}; }

}  // namespace

TEST_CASE("The expected digit is over the digits that the server tells", "[chat_rater]") {
  LoopbackServer server({says("7", {chance("7", 0.6), chance(" 5", 0.2), chance("The", 0.2)})});
  HttpChat chat = chat_at(server);
  ChatRater rater(chat);
  const auto ratings = rater.rate(photos(2), std::span(standard_concepts()).first(3));
  REQUIRE(ratings.size() == 6);
  for (const auto& rating : ratings) {
    CHECK(rating.digit == Approx(0.75 * 7 + 0.25 * 5));
    CHECK(rating.entropy == Approx(-0.75 * std::log2(0.75) - 0.25 * std::log2(0.25)));
  }
  CHECK(server.requests().size() == 6);
  const Json body = body_of(server.requests().at(0));
  CHECK(body["logprobs"] == true);
  CHECK(body["messages"][0]["content"][0]["image_url"]["url"].get<std::string>().starts_with("data:image/jpeg;base64,"));
}

TEST_CASE("Without probabilities several answers are asked for", "[chat_rater]") {
  LoopbackServer server({says("8"), says("8"), says("Rating: 6."), says("no idea"), says("8"), says("10")});
  HttpChat chat = chat_at(server);
  ChatRater rater(chat, {.samples = 5, .parallel = 1});
  const auto rating = rater.rate(photos(1), std::span(standard_concepts()).first(1)).at(0);
  CHECK(rating.digit == Approx((8 + 6 + 8) / 3.0));
  CHECK(server.requests().size() == 6);
  CHECK(body_of(server.requests().at(1))["seed"] == 0);
  CHECK(body_of(server.requests().at(2))["seed"] == 1);
}

TEST_CASE("An answer without a digit is told with photo and concept", "[chat_rater]") {
  LoopbackServer server({says("I cannot rate people.")});
  HttpChat chat = chat_at(server);
  try {
    ChatRater(chat, {.samples = 2}).rate(photos(1), std::span(standard_concepts()).subspan(5, 1));
    FAIL_CHECK("was rated");
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::kBadFormat);
    CHECK_THAT(e.what(), Catch::Contains("aaaaaaaaaaaa") && Catch::Contains("\"age\"") && Catch::Contains("cannot rate people"));
  }
  CHECK_THROWS_AS(ChatRater(chat, {.samples = 0}), Error);
  CHECK_THROWS_AS(ChatRater(chat).rate(std::vector<ConceptPhoto>{{std::string(64, 'a'), nullptr, {}}}, standard_concepts()), Error);
}

TEST_CASE("Each photo and concept gets its own answer, whatever comes back first", "[chat_rater]") {
  LoopbackServer server({[](const Connection& connection) {
    const bool first = question_in(connection.request).find(standard_concepts()[0].question) != std::string::npos;
    if (first) connection.wait_for_end(60);
    says(first ? "1" : "9", {chance(first ? "1" : "9", 1)})(connection);
  }});
  HttpChat chat = chat_at(server);
  const auto ratings = ChatRater(chat, {.parallel = 8}).rate(photos(4), std::span(standard_concepts()).first(2));
  for (std::size_t i = 0; i < ratings.size(); ++i) CHECK(ratings[i].digit == Approx(i % 2 == 0 ? 1 : 9));
}

TEST_CASE("What was rated is not asked for again", "[cached_rater]") {
  LoopbackServer server({says("3", {chance("3", 0.5), chance("4", 0.5)})});
  HttpChat chat = chat_at(server);
  ChatRater rater(chat);
  const TemporaryFolder folder;
  const auto concepts = std::span(standard_concepts()).first(2);
  const auto first = CachedRater(rater, folder / "").rate(photos(2), concepts);
  CHECK(server.requests().size() == 4);
  CachedRater again(rater, folder / "");
  const auto more = again.rate(photos(3), std::span(standard_concepts()).first(3));
  CHECK(server.requests().size() == 4 + 2 + 3);
  CHECK(more[0].digit == first[0].digit);
  CHECK(more[0].entropy == first[0].entropy);

  // Another text is another concept; a damaged record is asked for anew.
  Concept other = concepts[0];
  other.high += "!";
  again.rate(photos(1), {&other, 1});
  CHECK(server.requests().size() == 10);
  for (const auto& file : std::filesystem::directory_iterator(folder / "")) {
    std::fstream damage(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(-3, std::ios::end);
    damage.put('\x7f');
  }
  CachedRater(rater, folder / "").rate(photos(3), concepts);
  CHECK(server.requests().size() == 12);
}
