#include "paa/dlllm/feature_fusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "laplace.h"
#include "paa/core/error.h"
#include "prior_features.h"

namespace paa {
namespace {

// Rows of a block of photos: their features stay in the cache.
constexpr Eigen::Index kBlock = 256;

FeatureRows block_of(const FeatureRows& photos, std::size_t begin, std::size_t count) {
  const auto first = photos.values.begin() + static_cast<std::ptrdiff_t>(begin * photos.columns);
  return {photos.columns, {first, first + static_cast<std::ptrdiff_t>(count * photos.columns)}};
}

// Calls take(begin, rows) for one block after the other.
template <class Take>
void in_blocks(const FeatureRows& photos, const Take& take) {
  for (std::size_t begin = 0; begin < photos.rows(); begin += kBlock) {
    take(static_cast<Eigen::Index>(begin),
         block_of(photos, begin, std::min<std::size_t>(kBlock, photos.rows() - begin)));
  }
}

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
  explicit Impl(Population other) : population(std::move(other)), prior(population) { settle(); }

  Population population;
  PriorFeatures prior;
  FloatRows seen{0, 0};         // (n, features): one row for each verdict
  Eigen::MatrixXd covariance;   // (n, n), prior, of what the verdicts are about
  Eigen::VectorXd prior_means;  // (n)
  std::vector<LikelihoodTerm> terms;
  std::size_t stars = 0;

  LaplacePosterior posterior;
  Eigen::VectorXd u;  // posterior mean of the weights
  PriorFeatures::RawWeights weights;
  double inflation = 1;  // of variances: more than 1 for a person who surprises

  // The row of features, prior mean and likelihood of a verdict.
  void append(const FeatureRows& photos, const Observation& about) {
    const auto features_of = [&](std::size_t photo) {
      if (photo >= photos.rows()) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("a verdict is about photo {}, but there are {}", photo, photos.rows()));
      }
      return block_of(photos, photo, 1);
    };
    const FeatureRows photo = features_of(about.photo);
    Eigen::RowVectorXf row = prior.of_ratings(photo);
    double mean = prior.means(photo)[0];
    const double noise = population.noise * population.noise;
    LikelihoodTerm term{LikelihoodTerm::Kind::kAbove, 0, noise};
    switch (about.kind) {
      case VerdictKind::kStars:
        if (!std::isfinite(about.stars)) throw Error(ErrorCode::kInvalidArgument, "a rating is no finite number");
        term = {LikelihoodTerm::Kind::kValue, about.stars, noise};
        ++stars;
        break;
      case VerdictKind::kPreference: {
        const FeatureRows other = features_of(about.other);
        row -= prior.of_ratings(other);
        mean -= prior.means(other)[0];
        term.variance = 2 * noise;
        break;
      }
      case VerdictKind::kKeep:
      case VerdictKind::kReject: {
        prior.to_threshold(row);
        mean -= prior.threshold_mean();
        if (about.kind == VerdictKind::kReject) row = -row, mean = -mean;
        break;
      }
    }
    grow(row, mean, term);
  }

  void grow(const Eigen::RowVectorXf& row, double mean, const LikelihoodTerm& term) {
    const Eigen::Index n = prior_means.size();
    if (n == seen.rows()) seen.conservativeResize(std::max<Eigen::Index>(16, 2 * n), prior.size());
    seen.row(n) = row;
    covariance.conservativeResize(n + 1, n + 1);
    covariance.row(n) = (seen.topRows(n + 1) * row.transpose()).cast<double>().transpose();
    covariance.col(n) = covariance.row(n).transpose();
    prior_means.conservativeResize(n + 1);
    prior_means[n] = mean;
    terms.push_back(term);
  }

  // Everything that follows from the verdicts.
  void settle() {
    const Eigen::Index n = prior_means.size();
    posterior = n == 0 ? LaplacePosterior() : LaplacePosterior(covariance, prior_means, terms);
    u = Eigen::VectorXd::Zero(prior.size());
    if (n > 0) u = (seen.topRows(n).transpose() * posterior.weights().cast<float>()).cast<double>();
    weights = prior.raw_weights(u);
    const double strength = population.calibration.noise_strength;
    inflation = (strength + posterior.surprise()) / (strength + static_cast<double>(stars));
  }

  // What the verdicts leave of the variances of ratings of these features, before inflation.
  Eigen::MatrixXd explained(const FloatRows& features) const {
    const Eigen::Index n = prior_means.size();
    return posterior.whiten((seen.topRows(n) * features.transpose()).cast<double>());
  }

  Eigen::VectorXd variances(const FloatRows& features) const {
    Eigen::VectorXd result = features.rowwise().squaredNorm().cast<double>();
    if (prior_means.size() > 0) result -= explained(features).colwise().squaredNorm().transpose();
    return (inflation * result).cwiseMax(0);
  }
};

FeatureFusion::FeatureFusion(Population population) : impl_(std::make_unique<Impl>(std::move(population))) {}
FeatureFusion::FeatureFusion(FeatureFusion&&) noexcept = default;
FeatureFusion& FeatureFusion::operator=(FeatureFusion&&) noexcept = default;
FeatureFusion::~FeatureFusion() = default;

const Population& FeatureFusion::population() const noexcept { return impl_->population; }

void FeatureFusion::fit(const FeatureRows& photos, std::span<const Observation> observations) {
  impl_->prior.check(photos);
  Impl fresh(impl_->population);
  for (const auto& observation : observations) fresh.append(photos, observation);
  fresh.settle();
  *impl_ = std::move(fresh);
}

void FeatureFusion::add(const FeatureRows& photos, const Observation& observation) {
  impl_->prior.check(photos);
  impl_->append(photos, observation);
  impl_->settle();
}

std::size_t FeatureFusion::observations() const noexcept { return impl_->terms.size(); }

std::vector<double> FeatureFusion::means(const FeatureRows& photos) const {
  impl_->prior.check_columns(photos);
  const auto rows = static_cast<Eigen::Index>(photos.rows());
  std::vector<double> means(photos.rows());
  if (means.empty()) return means;
  const Eigen::Map<const FloatRows> values(photos.values.data(), rows, static_cast<Eigen::Index>(photos.columns));
  Eigen::Map<Eigen::VectorXd>(means.data(), rows) =
      (values * impl_->weights.raw).cast<double>().array() + impl_->weights.constant;
  // What is not finite makes its row's mean so: looking for it first would take longer than the product.
  if (!std::all_of(means.begin(), means.end(), [](double mean) { return std::isfinite(mean); }))
    impl_->prior.check(photos);
  return means;
}

std::vector<Prediction> FeatureFusion::predict(const FeatureRows& photos) const {
  const auto mean = means(photos);
  std::vector<Prediction> predictions(mean.size());
  const double noise_variance = noise() * noise();
  in_blocks(photos, [&](Eigen::Index begin, const FeatureRows& block) {
    const Eigen::VectorXd variances = impl_->variances(impl_->prior.of_ratings(block));
    for (Eigen::Index i = 0; i < variances.size(); ++i) {
      const auto at = static_cast<std::size_t>(begin + i);
      const double spread = impl_->population.calibration.factor * std::sqrt(variances[i] + noise_variance);
      predictions[at] = {rating_score(mean[at], spread, impl_->population.scale_low, impl_->population.scale_high),
                         std::sqrt(variances[i])};
    }
  });
  return predictions;
}

double FeatureFusion::noise() const noexcept { return std::sqrt(impl_->inflation) * impl_->population.noise; }

Explanation FeatureFusion::explain(std::span<const float> row) const {
  const FeatureRows photo{row.size(), {row.begin(), row.end()}};
  impl_->prior.check(photo);
  const PriorFeatures& prior = impl_->prior;
  const Population& population = impl_->population;
  const Eigen::VectorXd& u = impl_->u;
  Explanation explanation;
  explanation.usual = prior.intercept() + population.offset_scale * u[PriorFeatures::kOffset];
  const double score = prior.standard_score(row[0]);
  const double tilt = prior.slope() + population.tilt_scale * u[PriorFeatures::kTilt];
  explanation.parts.push_back({population.groups.size(), 0, score, tilt * score});
  Eigen::Index at = 0;
  for (std::size_t g = 0; g < population.groups.size(); ++g) {
    for (std::size_t i = 0; i < population.groups[g].mean.size(); ++i, ++at) {
      const double off = static_cast<double>(row[static_cast<std::size_t>(at) + 1]) - prior.column_mean()[at];
      explanation.parts.push_back(
          {g, i, off / prior.column_deviation()[at], u[PriorFeatures::kGroups + at] * off * prior.column_scale()[at]});
    }
  }
  explanation.mean = explanation.usual;
  for (const auto& part : explanation.parts) explanation.mean += part.points;
  return explanation;
}

std::vector<double> FeatureFusion::covariance(const FeatureRows& a, const FeatureRows& b) const {
  impl_->prior.check(a);
  impl_->prior.check(b);
  const FloatRows left = impl_->prior.of_ratings(a), right = impl_->prior.of_ratings(b);
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> result =
      (left * right.transpose()).cast<double>();
  if (observations() > 0) result -= impl_->explained(left).transpose() * impl_->explained(right);
  result *= impl_->inflation;
  return {result.data(), result.data() + result.size()};
}

}  // namespace paa
