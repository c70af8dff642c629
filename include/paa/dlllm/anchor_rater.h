#pragma once
// Rates photos by the words with which a small LLM completes a sentence about them: for models that cannot give digits.
// After arXiv 2605.14761; a reconstruction, not paper-verified. Modelled on word-pair contrasts of a frozen language
// model (semantic differential, Osgood et al. 1957; calibrated as in Zhao et al. 2021, "Calibrate before use").

#include <filesystem>
#include <memory>

#include "paa/dlllm/high_level.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// After "The photo shows CONTENT CUE", how much more readily the frozen LLM goes on with a concept's high words than with
/// its low ones: the difference of their mean logits, less the same difference for contents that say nothing. Of a
/// photo that may show several things it is their weighted mean. Its logistic function is taken for the probability p
/// of the high end: the expected digit is 9 p, the entropy that of p.
///
/// A subject (is_subject) has no second end, and most contents have nothing to do with it. Its high word that a content
/// leads to most counts, and only what goes beyond two logits; the digit is the sum over all contents, each times the
/// square root of its probability, cut at 9. The photo itself is not looked at. Not thread-safe.
class AnchorRater : public HighLevelRater {
 public:
  /// The model must outlive it. `cache`: a folder where what was read is remembered; empty: nothing is.
  explicit AnchorRater(const Pmllm& model, std::filesystem::path cache = {});
  AnchorRater(AnchorRater&&) noexcept;
  AnchorRater& operator=(AnchorRater&&) noexcept;
  ~AnchorRater() override;

  std::string id() const override;
  bool needs_image() const override { return false; }

  /// Costs one reading of each content that was not read before, and one of each cue among the concepts. Errors:
  /// kInvalidArgument (a photo without contents, a concept without anchor words or cue; they are named), those of
  /// Pmllm::word_logits and FeatureCache.
  std::vector<ConceptRating> rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                  const Cancel* cancel = nullptr, const Progress& progress = {}) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
