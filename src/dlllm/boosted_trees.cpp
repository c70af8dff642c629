#include "paa/dlllm/boosted_trees.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "linear_posterior.h"
#include "paa/core/error.h"
#include "tree_ensemble.h"

namespace paa {
namespace {

constexpr std::size_t kFolds = 5;

struct Rated {
  std::span<const float> photo;
  double stars;
};

// Equal for equal ratings in any order, and so is all that follows.
std::vector<Rated> in_order(const FeatureRows& photos, std::span<const Observation> observations) {
  std::vector<Rated> rated;
  for (const auto& about : observations) rated.push_back({photos.row(about.photo), about.stars});
  std::sort(rated.begin(), rated.end(), [](const Rated& a, const Rated& b) {
    if (!std::equal(a.photo.begin(), a.photo.end(), b.photo.begin()))
      return std::lexicographical_compare(a.photo.begin(), a.photo.end(), b.photo.begin(), b.photo.end());
    return a.stars < b.stars;
  });
  return rated;
}

}  // namespace

struct BoostedTrees::Impl {
  explicit Impl(Population other) : population(std::move(other)), prior(population) {}

  Population population;
  PriorFeatures prior;
  // What was learned.
  std::size_t ratings = 0;
  double offset = 0;
  std::optional<TreeEnsemble> trees;
  std::optional<double> variance;  // of a rating about its prediction; nothing: that of the prior

  double noise() const { return population.noise * population.noise; }
  double offset_variance() const { return population.offset_scale * population.offset_scale; }

  // Of a rating, once what is usual for the person is known.
  Eigen::VectorXd other_variance(const FeatureRows& photos) const {
    return prior.of_ratings(photos).rowwise().squaredNorm().cast<double>().array() - offset_variance() + noise();
  }

  // That of the offset, after ratings that vary by so much about it.
  double offset_left(double about, std::size_t count) const {
    return offset_variance() * about / (about + static_cast<double>(count) * offset_variance());
  }

  void learn_offset(const std::vector<Rated>& rated, double about) {
    double sum = 0;
    for (const auto& one : rated) sum += one.stars - prior.mean(one.photo);
    offset = sum * offset_variance() / (about + static_cast<double>(rated.size()) * offset_variance());
  }

  // From all ratings but those of the fold; kFolds: from all.
  void learn_without(const std::vector<Rated>& all, std::size_t fold, double about) {
    std::vector<Rated> rated;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % kFolds != fold) rated.push_back(all[i]);
    }
    ratings = rated.size();
    learn_offset(rated, about);
    trees.reset();
    if (all.size() < kFewestForTrees) return;
    FeatureRows rows{prior.columns(), {}};
    std::vector<float> left;
    for (const auto& one : rated) {
      rows.append(one.photo);
      left.push_back(static_cast<float>(one.stars - prior.mean(one.photo) - offset));
    }
    trees.emplace(rows, left);
  }

  std::vector<double> means(const FeatureRows& photos) const {
    std::vector<double> means;
    for (std::size_t i = 0; i < photos.rows(); ++i) means.push_back(prior.mean(photos.row(i)) + offset);
    if (!trees) return means;
    const auto more = trees->predict(photos);
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += static_cast<double>(more[i]);
    return means;
  }

  // Sum of the squared residuals of ratings that were held out.
  double held_out(const std::vector<Rated>& all, double about) const {
    double sum = 0;
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      Impl part(population);
      part.learn_without(all, fold, about);
      FeatureRows rows{prior.columns(), {}};
      std::vector<double> stars;
      for (std::size_t i = fold; i < all.size(); i += kFolds) {
        rows.append(all[i].photo);
        stars.push_back(all[i].stars);
      }
      const auto predicted = part.means(rows);
      for (std::size_t i = 0; i < stars.size(); ++i) sum += std::pow(stars[i] - predicted[i], 2);
    }
    return sum;
  }

  void learn(const FeatureRows& photos, std::span<const Observation> observations) {
    if (observations.empty()) return;
    const auto rated = in_order(photos, observations);
    FeatureRows rows{prior.columns(), {}};
    for (const auto& one : rated) rows.append(one.photo);
    const double about = other_variance(rows).mean();
    learn_without(rated, kFolds, about);
    if (!trees) return;
    const double strength = population.calibration.noise_strength, count = static_cast<double>(rated.size());
    variance = (strength * (about + offset_left(about, rated.size())) + held_out(rated, about)) / (strength + count);
  }

  // Of photos' means.
  std::vector<double> variances(const FeatureRows& photos) const {
    if (variance) return std::vector<double>(photos.rows(), std::max(0.0, *variance - noise()));
    const Eigen::VectorXd other = other_variance(photos);
    std::vector<double> variances;
    for (const double about : other) variances.push_back(about + offset_left(about, ratings) - noise());
    return variances;
  }
};

bool BoostedTrees::available() noexcept { return TreeEnsemble::available(); }

BoostedTrees::BoostedTrees(Population population) {
  if (!available()) {
    throw Error(ErrorCode::kUnsupported,
                "this library was built without XGBoost, so it has no boosted trees: install it (Debian: "
                "libxgboost-dev) and configure and build again");
  }
  impl_ = std::make_unique<Impl>(std::move(population));
}

BoostedTrees::BoostedTrees(BoostedTrees&&) noexcept = default;
BoostedTrees& BoostedTrees::operator=(BoostedTrees&&) noexcept = default;
BoostedTrees::~BoostedTrees() = default;

const Population& BoostedTrees::population() const noexcept { return impl_->population; }

void BoostedTrees::fit(const FeatureRows& photos, std::span<const Observation> observations) {
  impl_->prior.check(photos);
  for (const auto& about : observations) {
    check_verdict(photos, about);
    if (about.kind != VerdictKind::kStars) {
      throw Error(
          ErrorCode::kUnsupported,
          "boosted trees learn from stars only; FeatureFusion learns from choices, kept and rejected photos too");
    }
  }
  Impl fresh(impl_->population);
  fresh.learn(photos, observations);
  *impl_ = std::move(fresh);
}

std::vector<Prediction> BoostedTrees::predict(const FeatureRows& photos) const {
  impl_->prior.check(photos);
  if (photos.rows() == 0) return {};
  return predictions_of(impl_->population, 1, impl_->means(photos), impl_->variances(photos));
}

}  // namespace paa
