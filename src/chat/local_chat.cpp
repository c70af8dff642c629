#include "paa/chat/local_chat.h"

#include <algorithm>
#include <utility>

#include "check_chat.h"
#include "paa/core/error.h"
#include "pmllm/frozen_llm.h"

namespace paa {

LocalChat::LocalChat(const Pmllm& model)
    : completer_(model), template_(model.llm()->chat_template, model.llm()->origin) {}

std::string LocalChat::id() const { return "local/" + completer_.id(); }

ChatReply LocalChat::reply(std::span<const ChatMessage> messages, const ChatOptions& options,
                           const ChatCallback& callback, const Cancel* cancel) {
  check_chat(messages, options);
  if (options.top_log_probabilities > 0) {
    throw Error(ErrorCode::kUnsupported, "the model in this process gives no probabilities of its replies' tokens");
  }
  if (std::any_of(messages.begin(), messages.end(), [](const auto& message) { return !message.jpegs.empty(); })) {
    throw Error(ErrorCode::kUnsupported, "the model in this process reads no photos in a conversation");
  }
  const auto constraint = options.schema ? json_of(*options.schema) : nullptr;
  CompletionOptions wanted;
  wanted.max_tokens = options.max_tokens;
  wanted.temperature = options.temperature;
  wanted.seed = options.seed.value_or(0);
  wanted.constraint = constraint.get();
  CompletionResult result = completer_.complete(template_.render(messages, true), wanted, callback, cancel);
  last_read_tokens_ = result.read_tokens;
  return {std::move(result.text), result.finish, {}, result.prompt_tokens, result.new_tokens};
}

}  // namespace paa
