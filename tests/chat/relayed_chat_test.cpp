#include "paa/chat/relayed_chat.h"

#include <string>
#include <vector>

#include "core/refusal.h"

using namespace paa;

namespace {

const std::vector<ChatMessage> kHello = {{"user", "Say \"hello\"", {}}};

ErrorCode code_of(RelayedChat& chat, const Cancel* cancel = nullptr) {
  return refusal([&] { chat.reply(kHello, {}, {}, cancel); }).code;
}

}  // namespace

TEST_CASE("a relayed conversation goes out as a chat completions request and comes back piece by piece") {
  std::string request;
  RelayedChat chat([&](const std::string& asked, const RelayedChat::Sink& sink) {
    request = asked;
    CHECK(sink("hel"));
    CHECK(sink("lo ✓"));
  });
  ChatOptions options;
  options.max_tokens = 7;
  options.schema = Json{{"type", "string"}};
  std::vector<std::string> pieces;
  const ChatReply reply = chat.reply(kHello, options, [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  });
  CHECK(reply.text == "hello ✓");
  CHECK(reply.finish == ChatFinish::kEnd);
  CHECK(pieces == std::vector<std::string>{"hel", "lo ✓"});
  const Json json = parse_json(request, "the request");
  CHECK(json["messages"] == Json::array({{{"role", "user"}, {"content", "Say \"hello\""}}}));
  CHECK(json["max_tokens"] == 7);
  CHECK(json["response_format"]["json_schema"]["schema"] == *options.schema);
  CHECK_FALSE(json.contains("model"));
}

TEST_CASE("a relay is told when no more is wanted") {
  int added = 0;
  RelayedChat chat([&](const std::string&, const RelayedChat::Sink& sink) {
    while (sink("x")) ++added;
  });
  const ChatReply reply = chat.reply(kHello, {}, [&](std::string_view) { return added < 3; });
  CHECK(reply.finish == ChatFinish::kStopped);
  CHECK(reply.text == "xxxx");
}

TEST_CASE("a relay's faults are refused") {
  RelayedChat broken([](const std::string&, const RelayedChat::Sink& sink) { sink("\xff"); });
  CHECK(code_of(broken) == ErrorCode::kBadFormat);
  const std::string large(RelayedChat::kLargestReply, 'x');
  RelayedChat endless([&](const std::string&, const RelayedChat::Sink& sink) { sink(large), sink("x"); });
  CHECK(code_of(endless) == ErrorCode::kBadFormat);
  RelayedChat failing([](const std::string&, const RelayedChat::Sink&) { throw Error(ErrorCode::kIo, "gone"); });
  CHECK(code_of(failing) == ErrorCode::kIo);
}

TEST_CASE("a relayed reply is cancelled between pieces") {
  Cancel cancel;
  RelayedChat chat([&](const std::string&, const RelayedChat::Sink& sink) {
    cancel.request();
    sink("x");
  });
  CHECK(code_of(chat, &cancel) == ErrorCode::kCancelled);
  RelayedChat never([](const std::string&, const RelayedChat::Sink&) { FAIL("asked although cancelled"); });
  CHECK(code_of(never, &cancel) == ErrorCode::kCancelled);
}
