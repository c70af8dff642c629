// The HTTP chat model against real sockets on this machine: servers that are slow, rude, broken or hostile.

#include "paa/chat/http_chat.h"

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "core/refusal.h"
#include "event_stream.h"
#include "loopback_server.h"
#include "paa/core/error.h"
#include "paa/core/log.h"

using namespace paa;
using Connection = LoopbackServer::Connection;

namespace {

constexpr const char* kKey = "sk-secret-0123456789";

const std::vector<ChatMessage> kHello = {{"system", "Be brief.", {}}, {"user", "Say \"hello\"\n✓", {}}};

HttpChatOptions options_for(const std::string& url) {
  HttpChatOptions options;
  options.url = url;
  options.model = "tiny";
  options.first_wait_ms = 10;
  options.idle_timeout_s = 2;
  return options;
}

std::string reply_json(const std::string& text) {
  return to_text({{"choices", {{{"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", "stop"}}}},
                  {"usage", {{"prompt_tokens", 7}, {"completion_tokens", 3}}}});
}

LoopbackServer::Script answer(int status, const std::string& body, const std::string& headers = "") {
  return [=](const Connection& connection) { connection.answer(status, body, headers); };
}

std::string event(const std::string& text, const char* finish = nullptr) {
  const Json choice = {{"delta", {{"content", text}}}, {"finish_reason", finish == nullptr ? Json() : Json(finish)}};
  return "data: " + to_text({{"choices", {choice}}}) + "\n\n";
}

constexpr const char* kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

Refusal fault(HttpChat chat, const ChatCallback& callback = {}, const Cancel* cancel = nullptr) {
  return refusal([&] { chat.reply(kHello, {}, callback, cancel); });
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Json body_of(const std::string& request) { return parse_json(request.substr(request.find("\r\n\r\n") + 4), "request"); }

}  // namespace

TEST_CASE("A question is asked and answered", "[http_chat]") {
  LoopbackServer server({answer(200, reply_json("Hello ✓"))});
  HttpChat chat(options_for(server.url()));
  ChatOptions options;
  options.max_tokens = 9;
  options.seed = 4;
  options.schema = Json{{"type", "string"}};
  std::vector<ChatMessage> messages = kHello;
  messages.back().jpegs = {std::string("\xff\xd8\x00\x01", 4)};
  const ChatReply reply = chat.reply(messages, options);
  CHECK(reply.text == "Hello ✓");
  CHECK(reply.finish == ChatFinish::kEnd);
  CHECK(reply.prompt_tokens == 7);
  CHECK(reply.reply_tokens == 3);

  const std::string request = server.requests().at(0);
  CHECK(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  CHECK(request.find("Authorization") == std::string::npos);
  const Json body = body_of(request);
  CHECK(body["model"] == "tiny");
  CHECK(body["max_tokens"] == 9);
  CHECK(body["seed"] == 4);
  CHECK(body["stream"] == false);
  CHECK(body["response_format"]["json_schema"]["schema"]["type"] == "string");
  CHECK(body["messages"][0] == Json{{"role", "system"}, {"content", "Be brief."}});
  CHECK(body["messages"][1]["content"][0]["image_url"]["url"] == "data:image/jpeg;base64,/9gAAQ==");
  CHECK(body["messages"][1]["content"][1]["text"] == "Say \"hello\"\n✓");
  CHECK(chat.id().starts_with("127.0.0.1:"));
}

TEST_CASE("A stream arrives piece by piece, wherever its bytes are cut", "[http_chat]") {
  const std::string stream = std::string(kStreamHead) + ": a comment\r\n\r\n" + event("Hé") + event("llo") + event(" ✓", "stop") +
                             "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";
  for (const std::size_t cut : {std::size_t{1}, std::size_t{7}, stream.size()}) {
    LoopbackServer server({[&](const Connection& connection) {
      for (std::size_t at = 0; at < stream.size(); at += cut) connection.send(std::string_view(stream).substr(at, cut));
    }});
    std::vector<std::string> pieces;
    const ChatReply reply = HttpChat(options_for(server.url())).reply(kHello, {}, [&](std::string_view piece) {
      pieces.emplace_back(piece);
      return true;
    });
    CHECK(reply.text == "Héllo ✓");
    CHECK(pieces == std::vector<std::string>{"Hé", "llo", " ✓"});
    CHECK(reply.reply_tokens == 2);
    CHECK(body_of(server.requests().at(0))["stream"] == true);
  }
}

TEST_CASE("A caller that wants no more is handed no more", "[http_chat]") {
  LoopbackServer server({[](const Connection& connection) {
    connection.send(std::string(kStreamHead) + event("a") + "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\ndata: [DONE]\n\n");
  }});
  std::string all;
  const ChatReply reply = HttpChat(options_for(server.url())).reply(kHello, {}, [&](std::string_view piece) {
    all += piece;
    return false;
  });
  CHECK(all == "a");
  CHECK(reply.finish == ChatFinish::kStopped);
}

TEST_CASE("Busy and failing servers are asked again", "[http_chat]") {
  LoopbackServer server({answer(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 1\r\n"), answer(503, "away"),
                         [](const Connection&) {}, answer(200, reply_json("at last"))});
  const auto begin = std::chrono::steady_clock::now();
  CHECK(HttpChat(options_for(server.url())).reply(kHello).text == "at last");
  CHECK(seconds_since(begin) >= 1.0);
  CHECK(server.requests().size() == 4);
}

TEST_CASE("A server that knows only the older form of a schema gets that one", "[http_chat]") {
  const std::string refusal = "{\"error\":{\"message\":\"response_format: Input should be 'text' or 'json_object'\"}}";
  ChatOptions options;
  options.schema = Json{{"type", "string"}};
  for (const bool streams : {false, true}) {
    const auto reply = streams ? LoopbackServer::Script([](const Connection& connection) {
      connection.send(std::string(kStreamHead) + event("\"yes\"", "stop"));
    })
                               : answer(200, reply_json("\"yes\""));
    LoopbackServer server({answer(500, refusal), reply});
    HttpChat chat(options_for(server.url()));
    const ChatCallback callback = streams ? ChatCallback([](std::string_view) { return true; }) : ChatCallback();
    CHECK(chat.reply(kHello, options, callback).text == "\"yes\"");
    CHECK(chat.reply(kHello, options, callback).text == "\"yes\"");
    const auto requests = server.requests();
    REQUIRE(requests.size() == 3);  // it is remembered
    CHECK(body_of(requests[0])["response_format"]["type"] == "json_schema");
    for (const std::size_t later : {1, 2}) {
      CHECK(body_of(requests[later])["response_format"] == Json{{"type", "json_object"}, {"schema", {{"type", "string"}}}});
    }
  }
  LoopbackServer strict({answer(400, "{\"error\":{\"message\":\"Invalid schema for response_format 'reply'\"}}")});
  HttpChat chat(options_for(strict.url()));
  CHECK_THROWS_WITH(chat.reply(kHello, options), Catch::Contains("Invalid schema"));
  CHECK(strict.requests().size() == 1);
}

TEST_CASE("What cannot be mended is not asked again", "[http_chat]") {
  {
    LoopbackServer server({answer(401, "{\"error\":{\"message\":\"no such key\"}}")});
    const Refusal outcome = fault(HttpChat(options_for(server.url())));
    CHECK(outcome.code == ErrorCode::kIo);
    CHECK_THAT(outcome.message, Catch::Contains("401") && Catch::Contains("no such key"));
    CHECK(server.requests().size() == 1);
  }
  {
    LoopbackServer server({answer(500, "<html>broken\x01</html>")});
    CHECK_THAT(fault(HttpChat(options_for(server.url()))).message, Catch::Contains("500") && Catch::Contains("<html>broken?</html>"));
    CHECK(server.requests().size() == 4);
  }
  {
    LoopbackServer server({answer(429, "", "Retry-After: 100000\r\n")});
    CHECK_THAT(fault(HttpChat(options_for(server.url()))).message, Catch::Contains("100000 s"));
    CHECK(server.requests().size() == 1);
  }
  {
    LoopbackServer server({answer(302, "", "Location: http://127.0.0.1:1/elsewhere\r\n")});
    CHECK_THAT(fault(HttpChat(options_for(server.url()))).message, Catch::Contains("http://127.0.0.1:1/elsewhere"));
  }
}

TEST_CASE("Replies that are none are told as such", "[http_chat]") {
  for (const char* body : {"", "hello", "{}", "[]", "{\"choices\":[]}", "{\"choices\":[3]}", "{\"choices\":{\"a\":1}}", "\xff\xfe"}) {
    LoopbackServer server({answer(200, body)});
    INFO(body);
    CHECK(fault(HttpChat(options_for(server.url()))).code == ErrorCode::kBadFormat);
  }
  LoopbackServer server({answer(200, "{\"error\":{\"message\":\"out of memory\"}}")});
  CHECK_THAT(fault(HttpChat(options_for(server.url()))).message, Catch::Contains("out of memory"));
}

TEST_CASE("A reply that is too large, or never comes, ends", "[http_chat]") {
  {
    LoopbackServer server({[](const Connection& connection) {
      connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
      const std::string some(1 << 16, 'x');
      for (int i = 0; i < 64; ++i) connection.send(some);
    }});
    HttpChatOptions options = options_for(server.url());
    options.largest_reply = 1 << 20;
    CHECK(fault(HttpChat(options)).code == ErrorCode::kLimitExceeded);
  }
  LoopbackServer server({[](const Connection& connection) { connection.wait_for_end(10'000); }});
  HttpChatOptions options = options_for(server.url());
  options.idle_timeout_s = 1;
  options.attempts = 1;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(fault(HttpChat(options)).code == ErrorCode::kIo);
  CHECK(seconds_since(begin) < 4);
}

TEST_CASE("A stream that breaks after something was handed out is not begun again", "[http_chat]") {
  LoopbackServer server({[](const Connection& connection) { connection.send(std::string(kStreamHead) + event("half of")); }});
  std::string all;
  const Refusal outcome = fault(HttpChat(options_for(server.url())), [&](std::string_view piece) {
    all += piece;
    return true;
  });
  CHECK(outcome.code == ErrorCode::kIo);
  CHECK(all == "half of");
  CHECK(server.requests().size() == 1);

  LoopbackServer again({[](const Connection& connection) { connection.send(kStreamHead); },
                        [](const Connection& connection) { connection.send(std::string(kStreamHead) + event("whole", "stop")); }});
  CHECK(HttpChat(options_for(again.url())).reply(kHello, {}, [](std::string_view) { return true; }).text == "whole");
}

TEST_CASE("A cancel ends waiting at once", "[http_chat]") {
  for (const bool between : {false, true}) {
    LoopbackServer server({[&](const Connection& connection) {
      if (between) return connection.answer(503, "", "Retry-After: 30\r\n");
      connection.wait_for_end(10'000);
    }});
    Cancel cancel;
    std::thread soon([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
      cancel.request();
    });
    const auto begin = std::chrono::steady_clock::now();
    CHECK(fault(HttpChat(options_for(server.url())), {}, &cancel).code == ErrorCode::kCancelled);
    CHECK(seconds_since(begin) < 1);
    soon.join();
  }
}

TEST_CASE("The key goes to the server and nowhere else", "[http_chat]") {
  ::setenv("PAA_TEST_KEY", kKey, 1);
  std::string logged;
  set_log_callback([&](LogLevel, std::string_view line) { logged += line; });
  LoopbackServer server({answer(503, std::string("echo ") + kKey), answer(400, std::string("{\"error\":{\"message\":\"bad key ") + kKey + "\"}}")});
  HttpChatOptions options = options_for(server.url());
  options.key_variable = "PAA_TEST_KEY";
  const Refusal outcome = fault(HttpChat(options));
  set_log_callback({});
  CHECK(server.requests().at(0).find(std::string("Authorization: Bearer ") + kKey) != std::string::npos);
  CHECK_THAT(outcome.message, Catch::Contains("bad key [key]"));
  CHECK_THAT(logged, Catch::Contains("[key]"));
  CHECK(logged.find(kKey) == std::string::npos);
  ::setenv("PAA_TEST_KEY", "two\nlines", 1);
  CHECK_THROWS_WITH(HttpChat(options), Catch::Contains("PAA_TEST_KEY"));
  ::unsetenv("PAA_TEST_KEY");
}

TEST_CASE("Addresses that would give a person away are refused", "[http_chat]") {
  for (const char* url : {"http://example.org/v1", "http://10.0.0.1/v1", "ftp://127.0.0.1/", "file:///etc/passwd", "", "127.0.0.1:80",
                          "https://me:secret@example.org/v1", "http://127.0.0.1.evil.example/v1", "http://localhost.evil.example"}) {
    INFO(url);
    try {
      HttpChat chat(options_for(url));
      FAIL_CHECK("was accepted");
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::kInvalidArgument);
      CHECK(std::string(e.what()).find("secret") == std::string::npos);
    }
  }
  CHECK_NOTHROW(HttpChat(options_for("https://example.org/v1")));
  CHECK_NOTHROW(HttpChat(options_for("http://[::1]:8080/v1")));
  HttpChatOptions nameless = options_for("http://127.0.0.1/v1");
  nameless.model = "";
  CHECK_THROWS_AS(HttpChat(nameless), Error);
  CHECK_THROWS_AS(HttpChat(options_for("http://127.0.0.1:1/v1")).reply({}), Error);
}

TEST_CASE("Events come out the same wherever bytes are cut, and no bytes break the parser", "[event_stream]") {
  const std::string text = "data: one\r\ndata: two\r\n\r\n:c\n\nevent: x\ndata:three\n\ndata\n\nid: 4\n\ndata: last\r\r";
  std::mt19937 random(1);
  std::vector<std::string> whole;
  EventStream().feed(text, [&](const std::string& data) { whole.push_back(data); });
  CHECK(whole == std::vector<std::string>{"one\ntwo", "three", "", "last"});
  for (int round = 0; round < 200; ++round) {
    EventStream stream;
    std::vector<std::string> cut;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + random() % 9;
      stream.feed(std::string_view(text).substr(at, size), [&](const std::string& data) { cut.push_back(data); });
      at += size;
    }
    CHECK(cut == whole);
    std::string noise(300, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EventStream().feed(noise, [](const std::string&) {});
  }
}
