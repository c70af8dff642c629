#pragma once
// What a Gaussian process adds to a population's linear prior: a smooth function of all columns but the score.

#include <span>
#include <vector>

#include "paa/dlllm/personal_predictor.h"
#include "paa/dlllm/population.h"
#include "prior_features.h"

namespace paa {

/// Covariances of the non-linear part, GaussianProcessPrior's. Verdicts are combinations of ratings, as in VerdictRows.
class RadialPart {
 public:
  /// A population without groups, or with scale 0, has none: all covariances are 0.
  explicit RadialPart(const Population& population);

  bool empty() const noexcept { return variance_ == 0; }
  /// Of a rating.
  double variance() const noexcept { return variance_; }

  /// Forgets the verdicts it knew. Both arguments have been checked.
  void fit(const PriorFeatures& prior, const FeatureRows& photos, std::span<const Observation> observations);

  /// (n, n): of the verdicts.
  Eigen::MatrixXd among_verdicts() const;
  /// (n, rows): of the verdicts with ratings of photos.
  Eigen::MatrixXd with_verdicts(const PriorFeatures& prior, const FeatureRows& photos) const;

 private:
  // A photo's part in a verdict.
  struct Member {
    Eigen::Index verdict;
    double sign;
  };
  struct Points {
    FloatRows columns;    // (m, columns): standardised, divided by the root of their number
    Eigen::VectorXd own;  // (m): squared norms
  };
  Points points_of(const PriorFeatures& prior, const FeatureRows& photos) const;
  Eigen::MatrixXd covariance(const Points& a, const Points& b) const;
  // (n, columns): sums over the members of each verdict.
  Eigen::MatrixXd by_verdict(const Eigen::MatrixXd& by_member) const;

  double variance_ = 0, length_ = 1;
  Eigen::Index verdicts_ = 0;
  std::vector<Member> members_;
  Points points_;  // one a member
};

}  // namespace paa
