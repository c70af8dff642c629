#pragma once
// Rates photos on concepts by asking a chat model that sees them, such as a vision LLM behind a server.
// After arXiv 2605.14761; a reconstruction, not paper-verified. The expected digit over the model's own probabilities is
// steadier than one sampled answer (G-Eval; Liu et al. 2023).

#include "paa/chat/chat_model.h"
#include "paa/dlllm/high_level.h"

namespace paa {

/// How a remote model is asked.
struct ChatRaterOptions {
  int samples = 5;            ///< answers asked for where the model tells no probabilities, at least 1
  std::size_t parallel = 4;   ///< questions under way at once, at least 1; has no effect on the ratings
  int largest_side = 768;     ///< of the photo that is sent, pixels
};

/// Asks one question for each photo and concept: the photo, the concept's question, what 0 and 9 mean, and for one
/// digit. Where the model tells the probabilities of its first token, the rating is the expected digit over those of the
/// digits among them, else the mean of several sampled answers, whose frequencies give the entropy. Nothing is said of
/// the person or of any rating. The chat model must be thread-safe and outlive it. Thread-safe.
class ChatRater : public HighLevelRater {
 public:
  /// Error: kInvalidArgument (an option out of range).
  explicit ChatRater(ChatModel& model, const ChatRaterOptions& options = {});

  std::string id() const override;
  bool needs_image() const override { return true; }

  /// Errors: kInvalidArgument (a photo without image), kBadFormat (answers without a digit; the photo and the concept
  /// are named), those of the chat model.
  std::vector<ConceptRating> rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                  const Cancel* cancel = nullptr, const Progress& progress = {}) override;

 private:
  ChatModel* model_;
  ChatRaterOptions options_;
};

}  // namespace paa
