#include "calibrate_spread.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "paa/core/error.h"
#include "paa/core/random.h"
#include "paa/dlllm/feature_fusion.h"

namespace paa {
namespace {

constexpr std::array kSizes = {0, 1, 2, 5, 10, 25, 50};
constexpr std::array kStrengths = {5.0, 10.0, 20.0, 40.0, 80.0, 160.0};
constexpr double kCoverage = 0.8, kNormalQuantile = 1.2815515655446004;  // half of the coverage on each side of 0

// A rating predicted without inflation of variances, and how the person's known ratings surprised.
struct Case {
  double error = 0, variance = 0, surprise = 0, size = 0;

  double inflated(double strength) const { return variance * (strength + surprise) / (strength + size); }
};

// Predictions of one person from the first `size` known ratings in a random order.
void add_cases(FeatureFusion& fusion, const FeatureRows& rows, const CalibrationPerson& person,
               const std::vector<std::size_t>& order, std::size_t size, std::vector<Case>& cases) {
  std::vector<std::size_t> photos;
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < size; ++i) {
    photos.push_back(person.known[order[i]]);
    observations.push_back({VerdictKind::kStars, i, 0, person.known_ratings[order[i]]});
  }
  fusion.fit(rows_at(rows, photos), observations);
  const double base = fusion.population().noise * fusion.population().noise;
  const double strength = fusion.population().calibration.noise_strength;
  const double inflation = fusion.noise() * fusion.noise() / base;
  const double surprise = inflation * (strength + static_cast<double>(size)) - strength;
  const FeatureRows asked = rows_at(rows, person.asked);
  const auto means = fusion.means(asked);
  const auto predictions = fusion.predict(asked);
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double deviation = predictions[i].deviation;
    cases.push_back({person.asked_ratings[i] - means[i], deviation * deviation / inflation + base, surprise,
                     static_cast<double>(size)});
  }
}

double log_likelihood(const std::vector<Case>& cases, double strength) {
  double sum = 0;
  for (const Case& one : cases) {
    const double variance = one.inflated(strength);
    sum -= 0.5 * (one.error * one.error / variance + std::log(variance));
  }
  return sum;
}

double coverage_factor(const std::vector<Case>& cases, double strength) {
  std::vector<double> distances;
  for (const Case& one : cases) distances.push_back(std::abs(one.error) / std::sqrt(one.inflated(strength)));
  const auto at =
      distances.begin() + static_cast<std::ptrdiff_t>(kCoverage * static_cast<double>(distances.size() - 1));
  std::nth_element(distances.begin(), at, distances.end());
  return *at / kNormalQuantile;
}

}  // namespace

SpreadCalibration calibrate_spread(const Population& population, const FeatureRows& rows,
                                   const std::vector<CalibrationPerson>& people, std::uint64_t seed,
                                   const Cancel* cancel) {
  Population plain = population;
  plain.calibration = {1000, 1};
  FeatureFusion fusion(plain);
  std::vector<Case> cases;
  for (std::size_t i = 0; i < people.size(); ++i) {
    throw_if_cancelled(cancel);
    const auto order = Random(seed, i).permutation(people[i].known.size());
    for (const int size : kSizes) {
      if (static_cast<std::size_t>(size) > order.size()) break;
      add_cases(fusion, rows, people[i], order, static_cast<std::size_t>(size), cases);
    }
  }
  if (cases.empty()) throw Error(ErrorCode::kInvalidArgument, "no rating is left to calibrate spreads on");
  SpreadCalibration best{kStrengths.front(), 1};
  for (const double strength : kStrengths) {
    if (log_likelihood(cases, strength) > log_likelihood(cases, best.noise_strength)) best.noise_strength = strength;
  }
  best.factor = coverage_factor(cases, best.noise_strength);
  return best;
}

}  // namespace paa
