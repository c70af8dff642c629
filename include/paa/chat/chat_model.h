#pragma once
// A model that one talks to: messages in, text out.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"
#include "paa/core/progress.h"
#include "paa/text/chat_template.h"

namespace paa {

/// How a reply is to be written. A plain value.
struct ChatOptions {
  int max_tokens = 512;                    ///< of the reply, at least 1
  double temperature = 0;                  ///< 0: the likeliest words
  std::optional<std::uint64_t> seed = {};  ///< of the sampling, where the model heeds it
  std::optional<Json> schema = {};         ///< a JSON schema that the reply must follow, where the model can
  int top_log_probabilities = 0;           ///< alternatives wanted for each token of the reply, 0 to 20; 0: none
};

/// A token that the model might have written, and the natural logarithm of its probability.
struct TokenChance {
  std::string text;
  double log_probability = 0;
};

/// Why a reply ended.
enum class ChatFinish {
  kEnd,      ///< the model was done
  kLength,   ///< max_tokens
  kStopped,  ///< the caller's callback wanted no more
};

/// What the model wrote, and what it cost. A plain value.
struct ChatReply {
  std::string text;
  ChatFinish finish = ChatFinish::kEnd;
  /// For each token of the reply its likeliest alternatives; empty if none were asked for or the model gives none.
  std::vector<std::vector<TokenChance>> alternatives;
  int prompt_tokens = -1, reply_tokens = -1;  ///< -1: not told
};

/// Gets each piece of the reply as it comes, whole UTF-8 characters. Returns whether to go on.
using ChatCallback = std::function<bool(std::string_view piece)>;

/// Implementations: HttpChat (a server), LocalChat (the frozen LLM in this process), ScriptedChat (for tests).
class ChatModel {
 public:
  virtual ~ChatModel() = default;

  /// What tells this model from others: part of the key of caches.
  virtual std::string id() const = 0;
  /// The model's next turn. Errors: kInvalidArgument (no message, an option out of range), kUnsupported (photos or
  /// options that the model cannot take), kCancelled; those of the implementation.
  virtual ChatReply reply(std::span<const ChatMessage> messages, const ChatOptions& options = {},
                          const ChatCallback& callback = {}, const Cancel* cancel = nullptr) = 0;
};

}  // namespace paa
