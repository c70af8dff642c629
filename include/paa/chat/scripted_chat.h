#pragma once
// A chat model that says what it was told to: for tests, and to replay a conversation.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "paa/chat/chat_model.h"

namespace paa {

/// Replies with what a function makes of the messages. As thread-safe as the function.
class ScriptedChat : public ChatModel {
 public:
  /// Makes the reply to these messages; what it throws reaches the caller of reply().
  using Script = std::function<std::string(std::span<const ChatMessage> messages, const ChatOptions& options)>;

  /// `script` is called once a reply, by the thread that asks.
  explicit ScriptedChat(Script script) : script_(std::move(script)) {}
  /// These replies, one after the other. Running out of them is an error (kLimitExceeded) of reply().
  explicit ScriptedChat(std::vector<std::string> replies);

  std::string id() const override { return "scripted"; }
  /// Hands the reply out in one piece. Errors: those of the function; kCancelled.
  ChatReply reply(std::span<const ChatMessage> messages, const ChatOptions& options = {},
                  const ChatCallback& callback = {}, const Cancel* cancel = nullptr) override;

 private:
  Script script_;
};

}  // namespace paa
