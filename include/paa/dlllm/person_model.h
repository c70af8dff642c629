#pragma once
// From a person file to predictions: the person's verdicts, what a model saw in their photos, and other people's prior.

#include <span>
#include <string>
#include <vector>

#include "paa/dlllm/feature_fusion.h"
#include "paa/person/person.h"

namespace paa {

/// Which of KnownPhoto::features are read.
struct FeatureIds {
  std::string rows;     ///< rows as Population has them, with the score without a profile in front
  std::string profile;  ///< the score with the person's profile, one number; empty: the person has no profile

  bool operator==(const FeatureIds&) const = default;
};

/// The row that a per-person model reads: `row` with the profile's score in front, where there is one.
std::vector<float> personal_row(std::vector<float> row, const std::vector<float>& profile_score);

/// FeatureFusion fitted to what a person said, in the person's own scale. const members are thread-safe.
class PersonModel {
 public:
  /// Learns from all current verdicts about photos whose features are in the person file. Error: kMismatch (features of
  /// another number of columns than the population's).
  PersonModel(const Person& person, const Population& population, const FeatureIds& ids);

  /// The predictor itself, on the population's scale.
  const FeatureFusion& fusion() const noexcept { return fusion_; }
  /// Photos of verdicts that could not be used, because it is not known what the model sees in them. SHA-256, each
  /// once.
  const std::vector<std::string>& unseen() const noexcept { return unseen_; }
  /// The lowest rating on the person's scale.
  double scale_low() const noexcept { return low_; }
  /// The highest rating on the person's scale.
  double scale_high() const noexcept { return high_; }
  /// Points of the person's scale in one of the population's.
  double points() const noexcept { return points_; }

  /// On the person's scale. Errors: as FeatureFusion::predict.
  std::vector<Prediction> predict(const FeatureRows& photos) const;
  /// On the person's scale; its mean is not cut to the scale. Errors: as FeatureFusion::explain.
  Explanation explain(std::span<const float> row) const;

 private:
  double to_person(double rating) const;

  FeatureFusion fusion_;
  std::vector<std::string> unseen_;
  double low_, high_, points_;
};

}  // namespace paa
