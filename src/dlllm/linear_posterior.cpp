#include "linear_posterior.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "inner_products.h"
#include "paa/dlllm/feature_fusion.h"

namespace paa {

LinearPosterior::LinearPosterior(const Population& population)
    : prior_(population), noise_strength_(population.calibration.noise_strength) {
  settle();
}

void LinearPosterior::fit(VerdictRows rows, const Eigen::MatrixXd& other) {
  seen_ = std::move(rows.features);
  prior_means_ = std::move(rows.prior_means);
  terms_ = std::move(rows.terms);
  stars_ = rows.stars;
  covariance_ = inner_products(seen_);
  if (other.size() > 0) covariance_ += other;
  settle();
}

void LinearPosterior::add(const VerdictRows& rows) {
  const Eigen::Index before = prior_means_.size(), more = rows.prior_means.size(), n = before + more;
  if (n > seen_.rows()) seen_.conservativeResize(std::max<Eigen::Index>({16, n, 2 * before}), prior_.size());
  seen_.middleRows(before, more) = rows.features;
  covariance_.conservativeResize(n, n);
  covariance_.bottomRows(more) = inner_products(rows.features, seen_.topRows(n));
  covariance_.rightCols(more) = covariance_.bottomRows(more).transpose();
  prior_means_.conservativeResize(n);
  prior_means_.tail(more) = rows.prior_means;
  terms_.insert(terms_.end(), rows.terms.begin(), rows.terms.end());
  stars_ += rows.stars;
  settle();
}

void LinearPosterior::settle() {
  const Eigen::Index n = prior_means_.size();
  posterior_ = n == 0 ? LaplacePosterior() : LaplacePosterior(covariance_, prior_means_, terms_);
  weights_ = Eigen::VectorXd::Zero(prior_.size());
  if (n > 0) weights_ = (seen_.topRows(n).transpose() * posterior_.weights().cast<float>()).cast<double>();
  raw_weights_ = prior_.raw_weights(weights_);
  inflation_ = (noise_strength_ + posterior_.surprise()) / (noise_strength_ + static_cast<double>(stars_));
}

std::vector<double> LinearPosterior::means(const FeatureRows& photos) const {
  prior_.check_columns(photos);
  const auto rows = static_cast<Eigen::Index>(photos.rows());
  std::vector<double> means(photos.rows());
  if (means.empty()) return means;
  const Eigen::Map<const FloatRows> values(photos.values.data(), rows, static_cast<Eigen::Index>(photos.columns));
  Eigen::Map<Eigen::VectorXd>(means.data(), rows) =
      inner_products(values, raw_weights_.raw).array() + raw_weights_.constant;
  // What is not finite makes its row's mean so: looking for it first would take longer than the product.
  if (!std::all_of(means.begin(), means.end(), [](double mean) { return std::isfinite(mean); })) prior_.check(photos);
  return means;
}

Eigen::MatrixXd LinearPosterior::with_verdicts(const FloatRows& features) const {
  return inner_products(seen_.topRows(prior_means_.size()), features);
}

std::vector<Prediction> predictions_of(const Population& population, double inflation, std::span<const double> means,
                                       std::span<const double> variances) {
  const double noise = inflation * population.noise * population.noise;
  std::vector<Prediction> predictions;
  predictions.reserve(means.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double spread = population.calibration.factor * std::sqrt(variances[i] + noise);
    predictions.push_back(
        {rating_score(means[i], spread, population.scale_low, population.scale_high), std::sqrt(variances[i])});
  }
  return predictions;
}

}  // namespace paa
