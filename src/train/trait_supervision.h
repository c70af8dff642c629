#pragma once
// An auxiliary loss that tells the last module's gates and channels what stated tastes are about.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fusion_model.h"
#include "training_set.h"

namespace paa {

/// Channel t of the last module is given to the t-th trained trait: what it sees should be the photo's value of the
/// trait, and what a text adds to its gate should be the taste's weight of it. What is left to learn from ratings is
/// what this does to a rating. Without it, a few thousand samples do not teach a text's meaning through ratings alone.
/// This project's own; a form of deep supervision (Lee et al. 2015). Needs channel gates that read the profile.
/// Immutable.
class TraitSupervision {
 public:
  /// Error: kInvalidArgument if the modules have other gates, or fewer channels than there are trained traits.
  TraitSupervision(const TrainingSet& set, const FusionConfig& config);

  /// Mean squared errors of channels (over the batch) and of gates (over the batch's texts and as many others again,
  /// drawn by `random`). photos: of the batch.
  at::Tensor loss(const FusionModel& model, const FusionModel::Output& output, const FusionBatch& batch,
                  const std::vector<std::uint32_t>& photos, Random& random) const;

 private:
  static constexpr double kSwing = 2;         // what weight 1 adds to a gate before the sigmoid
  static constexpr std::size_t kTexts = 128;  // a step

  at::Tensor weights_of(const std::vector<std::uint32_t>& texts) const;

  const TrainingSet& set_;
  std::vector<std::size_t> traits_;   // by channel
  std::vector<std::uint32_t> texts_;  // that state a taste, and the generic one
};

}  // namespace paa
