#pragma once
// Goes on from a text with a loaded model's frozen LLM.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paa/chat/chat_model.h"
#include "paa/chat/text_constraint.h"
#include "paa/pmllm/pmllm.h"
#include "paa/text/chat_template.h"

namespace paa {

/// How a text is gone on with. A plain value but for the constraint, which must outlive the call.
struct CompletionOptions {
  int max_tokens = 512;  ///< at least 1
  double temperature = 0;  ///< 0: the likeliest tokens
  std::uint64_t seed = 0;
  std::vector<std::string> stop = {};          ///< the text ends before the first of these
  const TextConstraint* constraint = nullptr;  ///< what the text may be; it ends where the constraint lets it
};

/// What was written, and how many tokens it took.
struct CompletionResult {
  std::string text;
  ChatFinish finish = ChatFinish::kEnd;
  int prompt_tokens = 0;  ///< of the text gone on from
  int read_tokens = 0;    ///< of those, how many had to be read: the others were kept from the last call
  int new_tokens = 0;
};

/// Keeps what it has read: a text that begins as the last one (with what was written then) costs only what is new. Its
/// weights are the model's, shared. Not thread-safe; objects are independent of each other, so two threads use two.
class Completer {
 public:
  /// Lives on without `model`.
  explicit Completer(const Pmllm& model);
  Completer(Completer&&) noexcept;
  Completer& operator=(Completer&&) noexcept;
  ~Completer();

  /// Segments whose special tokens are recognised are the caller's own; what a person typed stays text. With a
  /// constraint the result is a whole text that it allows. Errors: kInvalidArgument (nothing to go on from, an option out
  /// of range), kLimitExceeded (more than the model's context, or a constraint that max_tokens cut off), kCancelled.
  CompletionResult complete(std::span<const ChatSegment> text, const CompletionOptions& options = {},
                            const ChatCallback& callback = {}, const Cancel* cancel = nullptr);
  /// Same, of plain text.
  CompletionResult complete(std::string_view text, const CompletionOptions& options = {},
                            const ChatCallback& callback = {}, const Cancel* cancel = nullptr);

  /// Of weights and precision.
  const std::string& id() const noexcept;
  /// Tokens that fit: of the text and what is written.
  int context() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
