#pragma once
// The frozen LLM of a loaded model as a chat model: nothing leaves the process.

#include "paa/chat/chat_model.h"
#include "paa/chat/completer.h"
#include "paa/text/chat_template.h"

namespace paa {

/// Talks by the template that came with the model, and keeps what it has read: a turn costs only what is new. A schema
/// is obeyed by masking tokens, so that the reply always follows it. The default model (135 million parameters) cannot hold a
/// conversation: it is for constrained replies, and larger models for talk. Not thread-safe; two threads use two.
class LocalChat : public ChatModel {
 public:
  /// Lives on without `model`. Error: kUnsupported (a model without a template, or with one that is not known).
  explicit LocalChat(const Pmllm& model);

  std::string id() const override;
  /// Photos and top_log_probabilities are not supported (kUnsupported). Errors: also those of Completer::complete and
  /// json_of.
  ChatReply reply(std::span<const ChatMessage> messages, const ChatOptions& options = {},
                  const ChatCallback& callback = {}, const Cancel* cancel = nullptr) override;
  /// Of the last reply's prompt, the tokens that had to be read.
  int last_read_tokens() const noexcept { return last_read_tokens_; }

 private:
  Completer completer_;
  ChatTemplate template_;
  int last_read_tokens_ = 0;
};

}  // namespace paa
