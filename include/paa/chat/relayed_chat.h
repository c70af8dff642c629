#pragma once
// A chat model that somebody else runs: the program this library is embedded in.

#include <functional>
#include <string>
#include <string_view>

#include "paa/chat/chat_model.h"

namespace paa {

/// Hands each conversation out as the JSON of OpenAI's chat completions API and takes the reply back piece by piece.
class RelayedChat : public ChatModel {
 public:
  /// Takes a piece of the reply, whole UTF-8 characters; returns whether more is wanted. Error: kBadFormat (not UTF-8,
  /// or more than kLargestReply in all).
  using Sink = std::function<bool(std::string_view piece)>;
  /// Has the request answered: {"messages": [{"role", "content"}], "max_tokens", "temperature", ...}, with
  /// "response_format" where the reply must follow a JSON schema. Returns when the reply is whole. May be called by
  /// several threads at once.
  using Relay = std::function<void(const std::string& request, const Sink& sink)>;

  static constexpr std::size_t kLargestReply = std::size_t{4} << 20;  ///< bytes

  /// `relay`: not empty; `id`: what id() gives.
  explicit RelayedChat(Relay relay, std::string id = "relayed") : relay_(std::move(relay)), id_(std::move(id)) {}

  std::string id() const override { return id_; }
  /// As thread-safe as the relay. Errors: also those of the relay.
  ChatReply reply(std::span<const ChatMessage> messages, const ChatOptions& options = {},
                  const ChatCallback& callback = {}, const Cancel* cancel = nullptr) override;

 private:
  Relay relay_;
  std::string id_;
};

}  // namespace paa
