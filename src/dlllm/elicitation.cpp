#include "paa/dlllm/elicitation.h"

#include <fmt/format.h>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "paa/core/error.h"

namespace paa {
namespace {

// What an answer to a choice tells, as the variance of a rating that would tell as much: a probit likelihood with noise
// s is as curved at an even choice as a normal one of variance s^2 pi / 2 (Rasmussen & Williams 2006, ch. 3).
constexpr double kChoiceVariance = std::numbers::pi / 2;

// The most unusual quarter of photos is asked about last. A linear model overrates what they tell: their ratings end at
// the ends of the scale. Chosen on OASIS's validation people (docs/study.md).
constexpr double kUsual = 0.75;

std::vector<std::size_t> evenly_spread(std::size_t rows, std::size_t most) {
  const std::size_t count = std::min(rows, most);
  std::vector<std::size_t> places(count);
  for (std::size_t i = 0; i < count; ++i) places[i] = i * rows / count;
  return places;
}

void check(const FeatureRows& library, const ElicitationOptions& options) {
  if (!options.asked.empty() && options.asked.size() != library.rows()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the list of asked photos has {} entries for {} photos",
                                                         options.asked.size(), library.rows()));
  }
  if (options.most_photos == 0 || options.pair_photos < 2) {
    throw Error(ErrorCode::kInvalidArgument, "at least one photo, and two for pairs, must be looked at");
  }
}

// Covariances of the library's ratings, conditioned on one question after the other.
class Asking {
 public:
  Asking(const FeatureFusion& person, const FeatureRows& library, const ElicitationOptions& options)
      : options_(options),
        places_(evenly_spread(library.rows(), options.most_photos)),
        noise_(person.noise() * person.noise()) {
    const FeatureRows part = rows_at(library, places_);
    const auto values = person.covariance(part, part);
    const auto n = static_cast<Eigen::Index>(places_.size());
    covariance_ = Eigen::Map<const Eigen::MatrixXd>(values.data(), n, n);
    for (const auto place : places_) free_.push_back(options.asked.empty() || !options.asked[place]);
    note_unusual();
    threshold_ = options.threshold >= 0 ? options.threshold : person.population().ask_threshold;
  }

  std::vector<Question> run() {
    std::vector<Question> questions;
    while (questions.size() < options_.count) {
      const Best best = options_.pairs ? best_pair() : best_photo();
      if (best.a < 0) break;
      const double gain = spread() - spread_after(best.effect, best.variance);
      if (gain < threshold_) break;
      questions.push_back({options_.pairs, place(best.a), options_.pairs ? place(best.b) : 0, gain});
      answer(best);
    }
    return questions;
  }

 private:
  struct Best {
    Eigen::Index a = -1, b = -1;
    double reduction = -1, variance = 1;
    Eigen::VectorXd effect;  // covariances of all photos with what is asked
  };

  std::size_t place(Eigen::Index i) const { return places_[static_cast<std::size_t>(i)]; }

  double spread() const { return (covariance_.diagonal().array() + noise_).max(0).sqrt().mean(); }
  double spread_after(const Eigen::VectorXd& effect, double variance) const {
    return (covariance_.diagonal().array() - effect.array().square() / variance + noise_).max(0).sqrt().mean();
  }

  // Unusual: of a large variance before anything is asked here.
  void note_unusual() {
    const Eigen::VectorXd variances = covariance_.diagonal();
    std::vector<double> sorted(variances.begin(), variances.end());
    const auto limit = sorted.begin() + static_cast<std::ptrdiff_t>(kUsual * static_cast<double>(sorted.size()));
    std::nth_element(sorted.begin(), limit, sorted.end());
    for (const double variance : variances) unusual_.push_back(variance > *limit);
  }

  Best best_photo() const {
    const Best usual = best_photo(false);
    return usual.a >= 0 ? usual : best_photo(true);
  }

  Best best_photo(bool unusual) const {
    Best best;
    for (Eigen::Index i = 0; i < covariance_.rows(); ++i) {
      if (!free_[static_cast<std::size_t>(i)] || unusual_[static_cast<std::size_t>(i)] != unusual) continue;
      const double variance = covariance_(i, i) + noise_;
      const double reduction = covariance_.col(i).squaredNorm() / variance;
      if (reduction > best.reduction) best = {i, -1, reduction, variance, {}};
    }
    if (best.a >= 0) best.effect = covariance_.col(best.a);
    return best;
  }

  // Pairs of the photos that would tell most alone.
  std::vector<Eigen::Index> candidates() const {
    std::vector<Eigen::Index> all(places_.size());
    std::iota(all.begin(), all.end(), Eigen::Index{0});
    const Eigen::VectorXd tells =
        covariance_.colwise().squaredNorm().transpose().array() / (covariance_.diagonal().array() + noise_);
    std::stable_sort(all.begin(), all.end(), [&](Eigen::Index a, Eigen::Index b) { return tells[a] > tells[b]; });
    all.resize(std::min(all.size(), options_.pair_photos));
    return all;
  }

  bool was_asked(Eigen::Index a, Eigen::Index b) const {
    const auto is = [&](const Question& one) {
      return (one.photo == place(a) && one.other == place(b)) || (one.photo == place(b) && one.other == place(a));
    };
    return std::any_of(options_.asked_pairs.begin(), options_.asked_pairs.end(), is) ||
           std::any_of(put_.begin(), put_.end(), is);
  }

  Best best_pair() const {
    const auto photos = candidates();
    Best best;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      for (std::size_t j = i + 1; j < photos.size(); ++j) {
        const Eigen::Index a = photos[i], b = photos[j];
        if (was_asked(a, b)) continue;
        Eigen::VectorXd effect = covariance_.col(a) - covariance_.col(b);
        const double variance = effect[a] - effect[b] + 2 * noise_ * kChoiceVariance;
        const double reduction = effect.squaredNorm() / variance;
        if (reduction > best.reduction) best = {a, b, reduction, variance, std::move(effect)};
      }
    }
    return best;
  }

  void answer(const Best& best) {
    covariance_ -= best.effect * best.effect.transpose() / best.variance;
    if (best.b < 0) {
      free_[static_cast<std::size_t>(best.a)] = false;
    } else {
      put_.push_back({true, place(best.a), place(best.b), 0});
    }
  }

  const ElicitationOptions& options_;
  std::vector<std::size_t> places_;
  double noise_, threshold_ = 0;
  Eigen::MatrixXd covariance_;
  std::vector<bool> free_, unusual_;
  std::vector<Question> put_;
};

}  // namespace

std::vector<Question> next_questions(const FeatureFusion& person, const FeatureRows& library,
                                     const ElicitationOptions& options) {
  check(library, options);
  if (library.rows() == 0) return {};
  return Asking(person, library, options).run();
}

}  // namespace paa
