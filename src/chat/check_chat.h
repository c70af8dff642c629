#pragma once
// What no chat model can be asked.

#include <span>

#include "paa/chat/chat_model.h"
#include "paa/core/error.h"

namespace paa {

inline constexpr int kMostAlternatives = 20;

/// Error: kInvalidArgument (no message, an option out of range).
inline void check_chat(std::span<const ChatMessage> messages, const ChatOptions& options) {
  if (messages.empty()) throw Error(ErrorCode::kInvalidArgument, "there is no message to reply to");
  if (options.max_tokens < 1 || !(options.temperature >= 0) || options.top_log_probabilities < 0 ||
      options.top_log_probabilities > kMostAlternatives) {
    throw Error(ErrorCode::kInvalidArgument,
                "max_tokens must be at least 1, the temperature not negative, and the alternatives 0 to 20");
  }
}

}  // namespace paa
