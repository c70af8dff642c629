// The HTTP chat model against llama-cpp-python's server, which llama_server_test.py starts on this machine. The
// environment holds its address, PAA_LLAMA_URL, its model's name, PAA_LLAMA_MODEL, and the key it wants, PAA_CHAT_KEY.

#include <chrono>
#include <cstdlib>
#include <thread>

#include "core/refusal.h"
#include "paa/chat/http_chat.h"
#include "paa/core/json.h"
#include "paa/text/utf8.h"

using namespace paa;

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set; llama_server_test.py sets it");
  return value;
}

HttpChatOptions server() {
  HttpChatOptions options;
  options.url = environment("PAA_LLAMA_URL");
  options.model = environment("PAA_LLAMA_MODEL");
  options.first_wait_ms = 10;
  return options;
}

std::vector<ChatMessage> user(std::string text) { return {{"user", std::move(text), {}}}; }

const std::vector<ChatMessage> kShort = user("What is the capital of France? Answer in one sentence.");
const std::vector<ChatMessage> kLong = user("Tell a long story about a lighthouse and its keeper, in many chapters.");

ChatOptions tokens(int most) {
  ChatOptions options;
  options.max_tokens = most;
  return options;
}

Refusal fault(HttpChat& chat, std::span<const ChatMessage> messages, const ChatOptions& options = {},
              const ChatCallback& callback = {}, const Cancel* cancel = nullptr) {
  return refusal([&] { chat.reply(messages, options, callback, cancel); });
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("A question is answered and its tokens are counted", "[llama_server]") {
  HttpChat chat(server());
  const ChatReply reply = chat.reply(kShort, tokens(64));
  CHECK_THAT(reply.text, Catch::Contains("Paris"));
  CHECK(reply.finish == ChatFinish::kEnd);
  CHECK(reply.prompt_tokens > 10);  // the question's words and the template's
  CHECK(reply.prompt_tokens < 60);
  CHECK(reply.reply_tokens > 1);
  CHECK(reply.reply_tokens < 64);

  const ChatReply cut = chat.reply(kLong, tokens(7));
  CHECK(cut.finish == ChatFinish::kLength);
  CHECK(cut.reply_tokens == 7);
}

TEST_CASE("The pieces of a stream make the whole reply", "[llama_server]") {
  HttpChat chat(server());
  // The server keeps what it read: from the second time on each answer is computed from the same state.
  chat.reply(kLong, tokens(48));
  const ChatReply whole = chat.reply(kLong, tokens(48));
  std::vector<std::string> pieces;
  const ChatReply streamed = chat.reply(kLong, tokens(48), [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  });
  std::string joined;
  for (const auto& piece : pieces) {
    CHECK_FALSE(piece.empty());
    CHECK(is_utf8(piece));
    joined += piece;
  }
  CHECK(pieces.size() > 20);
  CHECK(joined == streamed.text);
  CHECK(streamed.text == whole.text);
  CHECK(streamed.finish == ChatFinish::kLength);
}

TEST_CASE("The turns before the last are heeded", "[llama_server]") {
  HttpChat chat(server());
  const std::vector<ChatMessage> messages = {{"system", "You are a helpful assistant.", {}},
                                             {"user", "My cat is called Wilhelmina. Remember that.", {}},
                                             {"assistant", "Your cat is called Wilhelmina.", {}},
                                             {"user", "What is my cat called?", {}}};
  CHECK_THAT(chat.reply(messages, tokens(40)).text, Catch::Contains("Wilhelmina"));
}

TEST_CASE("A schema is obeyed", "[llama_server]") {
  HttpChat chat(server());
  ChatOptions options = tokens(200);
  options.schema = Json{{"type", "object"},
                        {"properties",
                         {{"polarity", {{"enum", {"like", "dislike"}}}},
                          {"subject", {{"type", "string"}, {"minLength", 1}, {"maxLength", 30}}},
                          {"strong", {{"type", "boolean"}}}}},
                        {"required", {"polarity", "subject", "strong"}},
                        {"additionalProperties", false}};
  const std::vector<ChatMessage> messages = user("I can't stand neon signs. What do I like or dislike?");
  CHECK_FALSE(Json::accept(chat.reply(messages, tokens(200)).text));  // left to itself it talks
  for (const bool streams : {false, true}) {
    const ChatCallback callback = streams ? ChatCallback([](std::string_view) { return true; }) : ChatCallback();
    const std::string text = chat.reply(messages, options, callback).text;
    INFO(text);
    const Json json = parse_json(text, "the reply");
    const JsonReader reader(json, "the reply");
    const auto polarity = reader.get<std::string>("polarity");
    CHECK((polarity == "like" || polarity == "dislike"));
    const auto subject = reader.get<std::string>("subject");
    CHECK(subject.size() >= 1);
    CHECK(reader.get<bool>("strong") == json["strong"]);
    CHECK(json.size() == 3);
  }
}

TEST_CASE("The likeliest tokens come with their probabilities", "[llama_server]") {
  HttpChat chat(server());
  ChatOptions options = tokens(5);
  options.top_log_probabilities = 3;
  const ChatReply reply = chat.reply(kShort, options);
  REQUIRE(reply.alternatives.size() == 5);
  std::string likeliest;
  for (const auto& alternatives : reply.alternatives) {
    REQUIRE(alternatives.size() == 3);
    CHECK(alternatives[0].log_probability >= alternatives[1].log_probability);
    CHECK(alternatives[0].log_probability <= 0);
    likeliest += alternatives[0].text;
  }
  CHECK(likeliest == reply.text);
}

TEST_CASE("A cancel in the middle ends the wait, and the server goes on for others", "[llama_server]") {
  HttpChat chat(server());
  SECTION("of a stream") {
    Cancel cancel;
    int pieces = 0;
    std::chrono::steady_clock::time_point asked;
    const Refusal outcome = fault(
        chat, kLong, tokens(1500),
        [&](std::string_view) {
          if (++pieces == 3) {
            cancel.request();
            asked = std::chrono::steady_clock::now();
          }
          return true;
        },
        &cancel);
    CHECK(outcome.code == ErrorCode::kCancelled);
    CHECK(seconds_since(asked) < 1);
    CHECK(pieces < 100);
  }
  SECTION("of a whole reply") {
    Cancel cancel;
    std::thread soon([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      cancel.request();
    });
    const auto begin = std::chrono::steady_clock::now();
    const Refusal outcome = fault(chat, kLong, tokens(300), {}, &cancel);
    soon.join();
    CHECK(outcome.code == ErrorCode::kCancelled);
    CHECK(seconds_since(begin) < 1.2);
  }
  SECTION("by a callback that wants no more") {
    int pieces = 0;
    const ChatReply reply = chat.reply(kLong, tokens(1500), [&](std::string_view) { return ++pieces < 3; });
    CHECK(reply.finish == ChatFinish::kStopped);
    CHECK(pieces == 3);
  }
  CHECK_THAT(chat.reply(kShort, tokens(64)).text, Catch::Contains("Paris"));
}

TEST_CASE("What the server refuses is told in its own words", "[llama_server]") {
  SECTION("a path that it does not have") {
    HttpChatOptions options = server();
    options.url += "/elsewhere";
    HttpChat chat(options);
    const Refusal outcome = fault(chat, kShort);
    CHECK(outcome.code == ErrorCode::kIo);
    CHECK_THAT(outcome.message, Catch::Contains("404") && Catch::Contains("Not Found") && Catch::Contains("127.0.0.1:"));
  }
  SECTION("no key") {
    HttpChatOptions options = server();
    options.key_variable = "";
    HttpChat chat(options);
    const Refusal outcome = fault(chat, kShort);
    CHECK(outcome.code == ErrorCode::kIo);
    CHECK_THAT(outcome.message, Catch::Contains("401") && Catch::Contains("Invalid API key"));
  }
  SECTION("a talk longer than the model can read") {
    HttpChat chat(server());
    std::string words;
    for (int i = 0; i < 9000; ++i) words += "harbour ";
    const Refusal outcome = fault(chat, user(words));
    CHECK(outcome.code == ErrorCode::kIo);
    CHECK_THAT(outcome.message, Catch::Contains("400") && Catch::Contains("maximum context length"));
  }
  SECTION("a server that is not there") {
    HttpChatOptions options = server();
    options.url = "http://127.0.0.1:1/v1";
    options.attempts = 1;
    HttpChat chat(options);
    const Refusal outcome = fault(chat, kShort);
    CHECK(outcome.code == ErrorCode::kIo);
    CHECK_THAT(outcome.message, Catch::Contains("127.0.0.1:1"));
  }
}
