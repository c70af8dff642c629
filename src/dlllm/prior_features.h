#pragma once
// A population's prior as a map of photos' rows to features with independent standard normal weights.

#include <Eigen/Core>

#include <span>

#include "inner_products.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/population.h"
#include "paa/person/evidence.h"

namespace paa {

/// Features: offset, tilt, keep threshold, then the groups' columns. f(photo) = mean + features . u, with u ~ N(0, I).
class PriorFeatures {
 public:
  static constexpr Eigen::Index kOffset = 0, kTilt = 1, kThreshold = 2, kGroups = 3;

  explicit PriorFeatures(const Population& population);

  Eigen::Index size() const noexcept { return kGroups + scale_.size(); }
  std::size_t columns() const noexcept { return static_cast<std::size_t>(1 + scale_.size()); }

  /// Error: kInvalidArgument (another number of columns, or a value that is not finite).
  void check(const FeatureRows& photos) const;

  /// Only the number of columns.
  void check_columns(const FeatureRows& photos) const;

  /// (rows, size()): of ratings, so the threshold is 0. `photos` has been checked.
  FloatRows of_ratings(const FeatureRows& photos) const;
  /// Of one photo, into a row of size().
  void of_rating(std::span<const float> photo, Eigen::Ref<Eigen::RowVectorXf> features) const;
  /// Prior mean of the rating of a photo.
  double mean(std::span<const float> photo) const;

  /// A weight u as points for each unit of a raw column, and what is left: f = constant + raw . row.
  struct RawWeights {
    double constant = 0;
    Eigen::RowVectorXf raw;  // (columns())
  };
  RawWeights raw_weights(const Eigen::VectorXd& u) const;

  double intercept() const noexcept { return intercept_; }
  double slope() const noexcept { return slope_; }
  double standard_score(float score) const { return (static_cast<double>(score) - score_mean_) / score_deviation_; }
  /// Of group column i: (value - mean_[i]) * scale_[i] is its feature.
  const Eigen::ArrayXd& column_mean() const noexcept { return mean_; }
  const Eigen::ArrayXd& column_scale() const noexcept { return scale_; }
  const Eigen::ArrayXd& column_deviation() const noexcept { return deviation_; }
  /// Prior mean of the weight of a standardised column, points.
  const Eigen::ArrayXd& column_expected() const noexcept { return expected_; }

  /// Turns a rating's features into those of what a verdict says, relative to the person's usual rating and threshold.
  void to_threshold(Eigen::Ref<Eigen::RowVectorXf> features) const;
  double threshold_mean() const noexcept { return intercept_ + keep_mean_; }

 private:
  double intercept_, slope_, offset_scale_, tilt_scale_, keep_mean_, keep_scale_, score_mean_, score_deviation_;
  Eigen::ArrayXd mean_, scale_, deviation_, expected_;
  bool expects_ = false;  // anything of a column
  Eigen::RowVectorXf float_mean_, float_scale_;
};

}  // namespace paa
