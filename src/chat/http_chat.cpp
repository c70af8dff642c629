#include "paa/chat/http_chat.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "chat_json.h"
#include "check_chat.h"
#include "event_stream.h"
#include "http_post.h"
#include "paa/core/error.h"
#include "paa/core/log.h"

namespace paa {
namespace {

constexpr std::chrono::milliseconds kLookAtCancel{20};

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::kInvalidArgument, what); }

struct Address {
  std::string scheme, host, port;
  bool local = false;
};

// Parsed as libcurl will parse it.
Address address_of(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    refuse(fmt::format("the chat server's address \"{}\" is none; it looks like http://127.0.0.1:8080/v1", url));
  }
  const auto part = [&](CURLUPart which, unsigned flags) -> std::string {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), which, &text, flags) != CURLUE_OK) return "";
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
    return text;
  };
  if (!part(CURLUPART_USER, 0).empty() || !part(CURLUPART_PASSWORD, 0).empty()) {
    refuse("the chat server's address holds a user or a password; put the key into the environment instead");
  }
  Address address{part(CURLUPART_SCHEME, 0), part(CURLUPART_HOST, 0), part(CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  in_addr number{};
  const bool loopback = ::inet_pton(AF_INET, address.host.c_str(), &number) == 1 && ntohl(number.s_addr) >> 24 == 127;
  address.local = loopback || address.host == "localhost" || address.host == "[::1]";
  return address;
}

void check(const HttpChatOptions& options, const Address& address) {
  if (address.scheme != "https" && !(address.scheme == "http" && address.local)) {
    refuse(fmt::format("the chat server's address {} must begin with https://, or with http:// if it is this machine: "
                       "what is said of a person does not go over a network in clear text",
                       options.url));
  }
  if (options.model.empty()) refuse("the chat server's model has no name");
  if (options.connect_timeout_s < 1 || options.idle_timeout_s < 1 || options.attempts < 1 ||
      options.first_wait_ms < 0 || options.longest_wait_ms < 0 || options.largest_reply == 0) {
    refuse("time-outs, attempts and sizes of a chat server's replies must be at least 1, waits not negative");
  }
}

std::string key_of(const std::string& variable) {
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  const std::string key = value == nullptr ? "" : value;
  if (std::any_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; })) {
    refuse(fmt::format("the key in the environment variable {} holds a space or a line break", variable));
  }
  return key;
}

void wait(std::chrono::milliseconds time, const Cancel* cancel) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
    throw_if_cancelled(cancel);
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(
        kLookAtCancel, until - std::chrono::steady_clock::now()));
  }
}

// A reply as it comes.
class Incoming {
 public:
  Incoming(const ChatCallback& callback, std::string origin) : callback_(callback), origin_(std::move(origin)) {}

  /// Whether to go on.
  bool take(std::string_view bytes) {
    bool go_on = true;
    events_.feed(bytes, [&](const std::string& data) { go_on = go_on && event(data); });
    return go_on;
  }

  /// Whether the caller was handed something.
  bool begun() const { return begun_; }
  bool done() const { return done_; }
  ChatReply reply;

 private:
  bool event(const std::string& data) {
    if (data == "[DONE]") return done_ = true;
    const ReplyPart part = add_to_reply(parse_json(data, origin_), true, origin_, reply);
    done_ = done_ || part.last;
    if (part.text.empty()) return true;
    begun_ = true;
    return callback_(part.text);
  }

  const ChatCallback& callback_;
  std::string origin_;
  EventStream events_;
  bool begun_ = false, done_ = false;
};

}  // namespace

struct HttpChat::Impl {
  HttpChatOptions options;
  Address address;
  std::string key;
  std::atomic<SchemaForm> form = SchemaForm::kJsonSchema;  // until the server refuses it

  std::string origin() const { return fmt::format("the chat server {}:{}", address.host, address.port); }

  // The server may repeat what it was sent.
  std::string without_key(std::string text) const {
    for (std::size_t at = 0; !key.empty() && (at = text.find(key, at)) != std::string::npos;) text.replace(at, key.size(), "[key]");
    return text;
  }

  HttpPost post(const Json& body) const {
    HttpPost post;
    post.url = options.url + (options.url.ends_with('/') ? "" : "/") + "chat/completions";
    post.headers = {"Content-Type: application/json", "Accept: application/json, text/event-stream"};
    if (!key.empty()) post.headers.push_back("Authorization: Bearer " + key);
    post.body = to_text(body);
    post.certificates = options.certificates;
    post.connect_timeout_s = options.connect_timeout_s;
    post.idle_timeout_s = options.idle_timeout_s;
    post.largest_reply = options.largest_reply;
    post.direct = address.local;
    return post;
  }

  static bool may_try_again(const HttpAnswer& answer) {
    return answer.lost || answer.status == 429 || (answer.status >= 500 && answer.status < 600);
  }

  // A server that does not know the newer form names the kinds that it takes.
  static bool wants_json_object(const HttpAnswer& answer) {
    return answer.status >= 400 && answer.body.find("json_object") != std::string::npos;
  }

  std::string fault_of(const HttpAnswer& answer) const {
    if (!answer.failure.empty()) return fmt::format("{} cannot be asked: {}", origin(), answer.failure);
    if (answer.status >= 300 && answer.status < 400) {
      return fmt::format("{} sends elsewhere ({}), which is not followed; name that address if it is to be trusted",
                         origin(), answer.location);
    }
    return fmt::format("{} refuses with status {}: {}", origin(), answer.status, server_message(answer.body));
  }

  // Before attempt number `attempt` (from 1 on).
  std::chrono::milliseconds patience(const HttpAnswer& answer, int attempt) const {
    std::int64_t wait = std::int64_t{options.first_wait_ms} << std::min(attempt - 1, 20);
    wait = std::min<std::int64_t>(wait, options.longest_wait_ms);
    if (answer.retry_after_s) wait = std::int64_t{*answer.retry_after_s} * 1000;
    if (wait > options.longest_wait_ms) {
      throw Error(ErrorCode::kIo, fmt::format("{} asks to come back in {} s, longer than the {} s that are waited",
                                              origin(), *answer.retry_after_s, options.longest_wait_ms / 1000));
    }
    return std::chrono::milliseconds(wait);
  }

  // The answer of the first attempt that got one.
  template <class Attempt>
  HttpAnswer try_again(const ChatOptions& wanted, const Attempt& attempt, const Cancel* cancel) {
    for (int number = 1;; ++number) {
      const SchemaForm tried = form;
      HttpAnswer answer = attempt(tried);
      if (wanted.schema && tried == SchemaForm::kJsonSchema && wants_json_object(answer)) {
        form = SchemaForm::kJsonObject;
        answer = attempt(SchemaForm::kJsonObject);
      }
      const bool fine = answer.failure.empty() && answer.status == 200;
      if (fine || answer.stopped) return answer;
      if (!may_try_again(answer) || number >= options.attempts) throw Error(ErrorCode::kIo, without_key(fault_of(answer)));
      const auto time = patience(answer, number);
      log(LogLevel::kInfo, without_key(fmt::format("{}; trying again in {} ms", fault_of(answer), time.count())));
      wait(time, cancel);
    }
  }

  ChatReply whole(std::span<const ChatMessage> messages, const ChatOptions& wanted, const Cancel* cancel) {
    const auto attempt = [&](SchemaForm said) {
      return http_post(post(chat_request(options.model, messages, wanted, false, said)), {}, cancel);
    };
    const HttpAnswer answer = try_again(wanted, attempt, cancel);
    ChatReply reply;
    add_to_reply(parse_json(answer.body, origin()), false, origin(), reply);
    return reply;
  }

  ChatReply streamed(std::span<const ChatMessage> messages, const ChatOptions& wanted, const ChatCallback& callback,
                     const Cancel* cancel) {
    std::optional<Incoming> incoming;
    const auto attempt = [&](SchemaForm said) {
      const HttpPost request = post(chat_request(options.model, messages, wanted, true, said));
      incoming.emplace(callback, origin());
      HttpAnswer answer = http_post(request, [&](std::string_view bytes) { return incoming->take(bytes); }, cancel);
      if (!answer.stopped && answer.status == 200 && answer.failure.empty() && !incoming->done()) {
        answer.failure = "the reply ended before its end";
        answer.lost = true;
      }
      // What was handed out cannot be taken back.
      if (incoming->begun()) answer.lost = false;
      return answer;
    };
    const HttpAnswer answer = try_again(wanted, attempt, cancel);
    if (answer.stopped) incoming->reply.finish = ChatFinish::kStopped;
    return std::move(incoming->reply);
  }
};

HttpChat::HttpChat(HttpChatOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->address = address_of(options.url);
  check(options, impl_->address);
  impl_->key = key_of(options.key_variable);
  impl_->options = std::move(options);
}
HttpChat::HttpChat(HttpChat&&) noexcept = default;
HttpChat& HttpChat::operator=(HttpChat&&) noexcept = default;
HttpChat::~HttpChat() = default;

std::string HttpChat::id() const {
  return fmt::format("{}:{}/{}", impl_->address.host, impl_->address.port, impl_->options.model);
}

ChatReply HttpChat::reply(std::span<const ChatMessage> messages, const ChatOptions& options,
                          const ChatCallback& callback, const Cancel* cancel) {
  check_chat(messages, options);
  try {
    return callback ? impl_->streamed(messages, options, callback, cancel) : impl_->whole(messages, options, cancel);
  } catch (const Error& e) {
    throw Error(e.code(), impl_->without_key(e.what()));
  }
}

}  // namespace paa
