#pragma once
// A conversation as the text that a chat-tuned model was trained on.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paa/text/tokenizer.h"

namespace paa {

/// One turn of a conversation.
struct ChatMessage {
  std::string role;  ///< "system", "user", "assistant" or another name of ASCII letters, digits, "_" and "-"
  std::string content;
  std::vector<std::string> jpegs = {};  ///< photos, as bytes of JPEG files: for models that see; a template has no text for them
};

/// A stretch of a rendered conversation.
struct ChatSegment {
  std::string text;
  SpecialTokens special = SpecialTokens::kPlainText;  ///< kRecognise: this is one of the template's own special tokens

  bool operator==(const ChatSegment&) const = default;
};

/// The ChatML template: each message is "<|im_start|>ROLE\nCONTENT<|im_end|>\n". Immutable; thread-safe.
class ChatTemplate {
 public:
  /// Recognises a Jinja template as it stands in GGUF metadata or tokenizer_config.json. Jinja is not run: those known
  /// are plain ChatML, and ChatML that puts a default system message before a conversation without one (SmolLM2).
  /// Spaces inside the tags and the kind of quotes do not matter. `origin` names the source in errors.
  /// Error: kUnsupported for any other template, an empty one too.
  ChatTemplate(std::string_view jinja, std::string_view origin);

  /// Message contents and roles come out as kPlainText, so that "<|im_end|>" typed by a person stays text. Put
  /// together, the segments are what the Jinja template gives. With `add_generation_prompt` the assistant's turn is
  /// opened at the end. An empty conversation gives only that. Error: kInvalidArgument for a role that is no name.
  std::vector<ChatSegment> render(std::span<const ChatMessage> messages, bool add_generation_prompt) const;

  /// The system message for a conversation that begins with another role; empty where the template has none.
  const std::string& default_system() const noexcept { return default_system_; }

 private:
  std::string default_system_;
};

/// The ids of the segments one after the other. For contents without special tokens these are the ids of the whole text
/// encoded at once, because special tokens part the text anyway.
/// Error: kMismatch where the vocabulary lacks one of the template's special tokens.
std::vector<TokenId> encode_chat(const Tokenizer& tokenizer, std::span<const ChatSegment> segments);

}  // namespace paa
