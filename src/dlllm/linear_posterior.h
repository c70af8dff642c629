#pragma once
// One person's posterior under a population's linear prior, after any verdicts: what FeatureFusion and GaussianProcess
// share.

#include <span>

#include "laplace.h"
#include "paa/dlllm/population.h"
#include "prior_features.h"
#include "verdict_rows.h"

namespace paa {

class LinearPosterior {
 public:
  explicit LinearPosterior(const Population& population);

  const PriorFeatures& prior() const noexcept { return prior_; }
  std::size_t verdicts() const noexcept { return terms_.size(); }

  /// Forgets what was learned. `other`: what the process has beside the linear part, covariances of the verdicts (n,
  /// n); or nothing.
  void fit(VerdictRows rows, const Eigen::MatrixXd& other = {});
  /// The same as fitting with these at the end.
  void add(const VerdictRows& rows);

  /// Posterior mean of the weights of PriorFeatures.
  const Eigen::VectorXd& weights() const noexcept { return weights_; }
  /// Means of ratings, of the linear part. Error: kInvalidArgument (rows that PriorFeatures refuses).
  std::vector<double> means(const FeatureRows& photos) const;
  /// The dual weights (n) of the verdicts.
  const Eigen::VectorXd& dual_weights() const noexcept { return posterior_.weights(); }

  /// (n, rows): prior covariances of the verdicts with values of these features, of the linear part.
  Eigen::MatrixXd with_verdicts(const FloatRows& features) const;
  /// What the verdicts take from the prior covariance, as LaplacePosterior::whiten.
  Eigen::MatrixXd whiten(const Eigen::MatrixXd& covariances) const { return posterior_.whiten(covariances); }

  /// Of variances: more than 1 for a person who surprises.
  double inflation() const noexcept { return inflation_; }

 private:
  void settle();

  PriorFeatures prior_;
  double noise_strength_;
  FloatRows seen_{0, 0};         // (at least n, features): one row for each verdict
  Eigen::MatrixXd covariance_;   // (n, n), prior, of what the verdicts are about
  Eigen::VectorXd prior_means_;  // (n)
  std::vector<LikelihoodTerm> terms_;
  std::size_t stars_ = 0;

  LaplacePosterior posterior_;
  Eigen::VectorXd weights_;
  PriorFeatures::RawWeights raw_weights_;
  double inflation_ = 1;
};

/// What these photos are predicted to get: `variances` of the mean, points squared, after inflation.
std::vector<Prediction> predictions_of(const Population& population, double inflation, std::span<const double> means,
                                       std::span<const double> variances);

}  // namespace paa
