#include "paa/dlllm/feature_fusion.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "inner_products.h"
#include "linear_posterior.h"
#include "row_blocks.h"

namespace paa {
namespace {

double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

std::size_t population_columns(const Population& population) { return PriorFeatures(population).columns(); }

Score rating_score(double mean, double spread, double low, double high) {
  Score score;
  score.mean = std::clamp(mean, low, high);
  score.spread = spread;
  const auto last = score.levels.size() - 1;
  const double step = (high - low) / static_cast<double>(last);
  double below = 0;
  for (std::size_t i = 0; i < last; ++i) {
    const double up_to = normal_below((low + step * (static_cast<double>(i) + 0.5) - mean) / spread);
    score.levels[i] = up_to - below;
    below = up_to;
  }
  score.levels[last] = 1 - below;
  return score;
}

struct FeatureFusion::Impl {
  explicit Impl(Population other) : population(std::move(other)), posterior(population) {}

  Population population;
  LinearPosterior posterior;

  const PriorFeatures& prior() const { return posterior.prior(); }

  // What the verdicts leave of the variances of ratings of these features, before inflation.
  Eigen::MatrixXd explained(const FloatRows& features) const {
    return posterior.whiten(posterior.with_verdicts(features));
  }
};

FeatureFusion::FeatureFusion(Population population) : impl_(std::make_unique<Impl>(std::move(population))) {}
FeatureFusion::FeatureFusion(FeatureFusion&&) noexcept = default;
FeatureFusion& FeatureFusion::operator=(FeatureFusion&&) noexcept = default;
FeatureFusion::~FeatureFusion() = default;

const Population& FeatureFusion::population() const noexcept { return impl_->population; }

void FeatureFusion::fit(const FeatureRows& photos, std::span<const Observation> observations) {
  impl_->prior().check(photos);
  impl_->posterior.fit(verdict_rows(impl_->prior(), impl_->population.noise, photos, observations));
}

void FeatureFusion::add(const FeatureRows& photos, const Observation& observation) {
  impl_->prior().check(photos);
  impl_->posterior.add(verdict_rows(impl_->prior(), impl_->population.noise, photos, {&observation, 1}));
}

std::size_t FeatureFusion::observations() const noexcept { return impl_->posterior.verdicts(); }

std::vector<double> FeatureFusion::means(const FeatureRows& photos) const { return impl_->posterior.means(photos); }

std::vector<Prediction> FeatureFusion::predict(const FeatureRows& photos) const {
  const auto mean = means(photos);
  std::vector<double> variances(mean.size());
  in_blocks(photos, [&](std::size_t begin, const FeatureRows& block) {
    const FloatRows features = impl_->prior().of_ratings(block);
    Eigen::VectorXd left = features.rowwise().squaredNorm().cast<double>();
    if (observations() > 0) left -= impl_->explained(features).colwise().squaredNorm().transpose();
    Eigen::Map<Eigen::VectorXd>(variances.data() + begin, left.size()) =
        (impl_->posterior.inflation() * left).cwiseMax(0);
  });
  return predictions_of(impl_->population, impl_->posterior.inflation(), mean, variances);
}

double FeatureFusion::noise() const noexcept {
  return std::sqrt(impl_->posterior.inflation()) * impl_->population.noise;
}

Explanation FeatureFusion::explain(std::span<const float> row) const {
  const FeatureRows photo{row.size(), {row.begin(), row.end()}};
  impl_->prior().check(photo);
  const PriorFeatures& prior = impl_->prior();
  const Population& population = impl_->population;
  const Eigen::VectorXd& u = impl_->posterior.weights();
  Explanation explanation;
  explanation.usual = prior.intercept() + population.offset_scale * u[PriorFeatures::kOffset];
  const double score = prior.standard_score(row[0]);
  const double tilt = prior.slope() + population.tilt_scale * u[PriorFeatures::kTilt];
  explanation.parts.push_back({population.groups.size(), 0, score, tilt * score});
  Eigen::Index at = 0;
  for (std::size_t g = 0; g < population.groups.size(); ++g) {
    for (std::size_t i = 0; i < population.groups[g].mean.size(); ++i, ++at) {
      const double off = static_cast<double>(row[static_cast<std::size_t>(at) + 1]) - prior.column_mean()[at];
      const double value = off / prior.column_deviation()[at];
      explanation.parts.push_back({g, i, value,
                                   u[PriorFeatures::kGroups + at] * off * prior.column_scale()[at] +
                                       prior.column_expected()[at] * value});
    }
  }
  explanation.mean = explanation.usual;
  for (const auto& part : explanation.parts) explanation.mean += part.points;
  return explanation;
}

std::vector<double> FeatureFusion::covariance(const FeatureRows& a, const FeatureRows& b) const {
  impl_->prior().check(a);
  impl_->prior().check(b);
  const FloatRows left = impl_->prior().of_ratings(a), right = impl_->prior().of_ratings(b);
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> result = inner_products(left, right);
  if (observations() > 0) result -= impl_->explained(left).transpose() * impl_->explained(right);
  result *= impl_->posterior.inflation();
  return {result.data(), result.data() + result.size()};
}

}  // namespace paa
