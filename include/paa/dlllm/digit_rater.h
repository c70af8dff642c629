#pragma once
// Rates photos by the digit that an LLM with vision fused in answers: for models that can.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include "paa/dlllm/high_level.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// The expected digit over the probabilities of the digits 0 to 9 after the concept's question and anchors. The default
/// model's digits hardly move from photo to photo (docs/concepts.md): it takes a larger one. Thread-safe as the model.
class DigitRater : public HighLevelRater {
 public:
  /// The model must outlive it.
  explicit DigitRater(const Pmllm& model) : model_(&model) {}

  std::string id() const override;
  bool needs_image() const override { return true; }

  /// Errors: kInvalidArgument (a photo without image), those of Pmllm::encode and Pmllm::digit_probabilities.
  std::vector<ConceptRating> rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                  const Cancel* cancel = nullptr, const Progress& progress = {}) override;

 private:
  const Pmllm* model_;
};

}  // namespace paa
