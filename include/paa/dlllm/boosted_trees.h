#pragma once
// Learns one person's ratings with gradient-boosted trees (Friedman 2001), by XGBoost (Chen & Guestrin 2016).

#include <memory>
#include <span>
#include <vector>

#include "paa/dlllm/personal_predictor.h"
#include "paa/dlllm/population.h"

namespace paa {

/// A rating is the population's mean for the photo, plus what is usual for the person (the mean residual, shrunk as far
/// as people differ in it), plus small trees over the score and all columns, fitted to what is left of the residuals.
/// Settings are fixed, for 5 to a few hundred ratings. The spread comes from the residuals of five-fold
/// cross-validation, joined with Population's until there are many; it is the same for all photos.
///
/// Fewer than kFewestForTrees ratings grow no tree. Nothing depends on the order of the observations. Fits 100 ratings
/// x 1,300 columns in well under a second, on one thread.
///
/// It learns from stars only: boosting needs a number to aim at. Where a person chooses, keeps or rejects, use
/// FeatureFusion.
class BoostedTrees : public PersonalPredictor {
 public:
  static constexpr std::size_t kFewestForTrees = 5;

  /// Whether this library was built with XGBoost.
  static bool available() noexcept;

  /// Errors: kUnsupported (built without XGBoost), kInvalidArgument (a group without columns).
  explicit BoostedTrees(Population population);
  BoostedTrees(BoostedTrees&&) noexcept;
  BoostedTrees& operator=(BoostedTrees&&) noexcept;
  ~BoostedTrees() override;

  /// The prior it was made with.
  const Population& population() const noexcept;

  /// Errors: also kUnsupported (an observation that is no rating); what was learned before is kept then.
  void fit(const FeatureRows& photos, std::span<const Observation> observations) override;
  std::vector<Prediction> predict(const FeatureRows& photos) const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
