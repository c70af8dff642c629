#pragma once
// A chat model behind an OpenAI-compatible server (POST BASE/chat/completions), over libcurl.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "paa/chat/chat_model.h"

namespace paa {

/// Which server is asked, and how patiently.
struct HttpChatOptions {
  /// Where the server's interface begins, such as "http://127.0.0.1:8080/v1". https, or http to this machine: what is
  /// said of a person does not go over a network in clear text.
  std::string url;
  std::string model;                        ///< the server's name of the model
  std::string key_variable = "PAA_CHAT_KEY";  ///< the environment variable that holds the key; unset or empty: no key
  std::filesystem::path certificates;       ///< PEM file of authorities to trust instead of the system's
  int connect_timeout_s = 10;               ///< for the connection
  int idle_timeout_s = 120;                 ///< without a byte from the server
  int attempts = 4;                         ///< in all, at least 1
  int first_wait_ms = 500;                  ///< before the second attempt, doubled each time
  int longest_wait_ms = 60'000;             ///< a server that asks for more patience (Retry-After) is an error
  std::size_t largest_reply = std::size_t{16} << 20;  ///< bytes
};

/// Tries again after status 429 and 5xx and after a lost connection, unless a part of the reply was handed out already.
/// A JSON schema goes out in OpenAI's form, and in the older one ({"type": "json_object", "schema": ...}) from when the
/// server names that one in a refusal. Certificates are always checked; redirections are not followed. The key is sent
/// to the server alone and appears in no message. Thread-safe: calls are independent of each other.
class HttpChat : public ChatModel {
 public:
  /// Errors: kInvalidArgument (no address of the kinds above, one that holds a password, no model, an option out of
  /// range, a key that cannot stand in a header).
  explicit HttpChat(HttpChatOptions options);
  HttpChat(HttpChat&&) noexcept;
  HttpChat& operator=(HttpChat&&) noexcept;
  ~HttpChat() override;

  /// "HOST:PORT/MODEL".
  std::string id() const override;
  /// Streams if there is a callback. Errors: also kIo (no connection, time-out, the server's refusal in its own words),
  /// kBadFormat (a reply that is none), kLimitExceeded (larger than largest_reply). Stops within 100 ms of a cancel.
  ChatReply reply(std::span<const ChatMessage> messages, const ChatOptions& options = {},
                  const ChatCallback& callback = {}, const Cancel* cancel = nullptr) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
