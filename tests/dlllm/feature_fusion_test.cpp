#include "paa/dlllm/feature_fusion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "catch.h"
#include "golden_verdicts.h"
#include "paa/core/error.h"

using paa::FeatureFusion;
using paa::FeatureRows;
using paa::Observation;
using paa::Population;
using paa::VerdictKind;

namespace {

FeatureFusion fitted(const std::vector<Observation>& observations, Population population = golden_population()) {
  FeatureFusion fusion(std::move(population));
  fusion.fit(golden_rows(), observations);
  return fusion;
}

void check_near(const FeatureFusion& a, const FeatureFusion& b, double tolerance) {
  const auto left = a.predict(golden_rows()), right = b.predict(golden_rows());
  for (std::size_t i = 0; i < left.size(); ++i) {
    CHECK(left[i].score.mean == Approx(right[i].score.mean).margin(tolerance));
    CHECK(left[i].deviation == Approx(right[i].deviation).margin(tolerance));
  }
}

}  // namespace

TEST_CASE("Means and deviations are those of the posterior over weights", "[feature_fusion]") {
  const paa::Json json = golden();
  for (const auto& expected : json["cases"]) {
    const FeatureFusion fusion = fitted(observations_of(expected["verdicts"]));
    const auto means = fusion.means(golden_rows());
    const auto predictions = fusion.predict(golden_rows());
    for (std::size_t i = 0; i < means.size(); ++i) {
      INFO(expected["name"] << ", photo " << i);
      CHECK(means[i] == Approx(expected["mean"][i].get<double>()).margin(2e-5));
      CHECK(predictions[i].deviation == Approx(expected["deviation"][i].get<double>()).margin(2e-5));
    }
  }
}

TEST_CASE("A rating added is a rating fitted", "[feature_fusion]") {
  const auto observations = all_kinds();
  FeatureFusion online(golden_population());
  for (const auto& observation : observations) online.add(golden_rows(), observation);
  CHECK(online.observations() == observations.size());
  check_near(online, fitted(observations), 1e-9);
}

TEST_CASE("The order of verdicts does not matter", "[feature_fusion]") {
  auto observations = all_kinds();
  const FeatureFusion forwards = fitted(observations);
  std::reverse(observations.begin(), observations.end());
  check_near(forwards, fitted(observations), 1e-5);
}

TEST_CASE("A new fit forgets the old one", "[feature_fusion]") {
  FeatureFusion fusion = fitted(all_kinds());
  fusion.fit(golden_rows(), {});
  check_near(fusion, FeatureFusion(golden_population()), 0);
}

TEST_CASE("Without a verdict photos stand in the order of their scores", "[feature_fusion]") {
  const FeatureRows rows = golden_rows();
  const auto means = FeatureFusion(golden_population()).means(rows);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.rows(); ++j) {
      if (rows.row(i)[0] < rows.row(j)[0]) CHECK(means[i] < means[j]);
    }
  }
}

TEST_CASE("One rating moves its photo towards it, and less than all the way", "[feature_fusion]") {
  const double before = FeatureFusion(golden_population()).means(golden_rows())[3];
  const double after = fitted({stars(3, 7)}).means(golden_rows())[3];
  CHECK(after > before);
  CHECK(after < 7);
}

TEST_CASE("All ratings equal draw everything towards that rating", "[feature_fusion]") {
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < golden_rows().rows(); ++i) observations.push_back(stars(i, 2));
  const auto before = FeatureFusion(golden_population()).means(golden_rows()),
             after = fitted(observations).means(golden_rows());
  const auto distance = [](const std::vector<double>& means) {
    return std::accumulate(means.begin(), means.end(), 0.0,
                           [](double sum, double mean) { return sum + std::abs(mean - 2); });
  };
  CHECK(distance(after) < distance(before) / 2);
}

TEST_CASE("Two contradictory choices leave the photos where they were, and surer", "[feature_fusion]") {
  const FeatureRows rows = golden_rows();
  const auto difference = [&](const FeatureFusion& fusion) { return fusion.means(rows)[1] - fusion.means(rows)[2]; };
  const double before = difference(FeatureFusion(golden_population()));
  const double up = difference(fitted({{VerdictKind::kPreference, 1, 2, 0}}));
  const double down = difference(fitted({{VerdictKind::kPreference, 2, 1, 0}}));
  const double both = difference(fitted({{VerdictKind::kPreference, 1, 2, 0}, {VerdictKind::kPreference, 2, 1, 0}}));
  CHECK(down < before);
  CHECK(before < up);
  CHECK(both > down);
  CHECK(both < up);
  CHECK(std::abs(both) < std::abs(before));
}

TEST_CASE("Keeping a photo raises it and rejecting it lowers it", "[feature_fusion]") {
  const double before = FeatureFusion(golden_population()).means(golden_rows())[4];
  CHECK(fitted({{VerdictKind::kKeep, 4, 4, 0}}).means(golden_rows())[4] > before);
  CHECK(fitted({{VerdictKind::kReject, 4, 4, 0}}).means(golden_rows())[4] < before);
}

TEST_CASE("A person who surprises is predicted with more spread", "[feature_fusion]") {
  Population population = golden_population();
  population.calibration.noise_strength = 5;
  const FeatureFusion usual = fitted({stars(0, 4), stars(3, 4), stars(5, 4)}, population);
  const FeatureFusion odd = fitted({stars(0, 1), stars(3, 7), stars(5, 1)}, population);
  CHECK(odd.noise() > usual.noise());
}

TEST_CASE("An explanation sums to the prediction", "[feature_fusion]") {
  const FeatureFusion fusion = fitted(all_kinds());
  const FeatureRows rows = golden_rows();
  const auto means = fusion.means(rows);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto explanation = fusion.explain(rows.row(i));
    double sum = explanation.usual;
    for (const auto& part : explanation.parts) sum += part.points;
    CHECK(sum == Approx(explanation.mean).margin(1e-9));
    CHECK(explanation.mean == Approx(means[i]).margin(1e-5));
    CHECK(explanation.parts.size() == rows.columns);
  }
}

TEST_CASE("Covariances agree with deviations and are symmetric", "[feature_fusion]") {
  const FeatureFusion fusion = fitted(all_kinds());
  const FeatureRows rows = golden_rows();
  const auto covariance = fusion.covariance(rows, rows);
  const auto predictions = fusion.predict(rows);
  const std::size_t n = rows.rows();
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(covariance[i * n + i] == Approx(std::pow(predictions[i].deviation, 2)).margin(1e-5));
    for (std::size_t j = 0; j < n; ++j) CHECK(covariance[i * n + j] == Approx(covariance[j * n + i]).margin(1e-6));
  }
}

TEST_CASE("Hundreds of ratings of the same few photos stay finite", "[feature_fusion]") {
  std::vector<Observation> observations;
  std::mt19937 random(3);
  for (int i = 0; i < 400; ++i) observations.push_back(stars(random() % 3, 1 + random() % 7));
  const FeatureFusion fusion = fitted(observations);
  for (const auto& prediction : fusion.predict(golden_rows())) {
    CHECK(std::isfinite(prediction.score.mean));
    CHECK(prediction.score.spread > 0);
    CHECK(std::accumulate(prediction.score.levels.begin(), prediction.score.levels.end(), 0.0) == Approx(1));
  }
}

TEST_CASE("Wrong rows and ratings are refused, and change nothing", "[feature_fusion]") {
  FeatureFusion fusion = fitted(all_kinds());
  const auto before = fusion.means(golden_rows());
  FeatureRows rows = golden_rows();
  CHECK_THROWS_AS(fusion.fit(FeatureRows{3, std::vector<float>(6)}, {}), paa::Error);
  const std::vector<Observation> beyond = {stars(99, 4)}, endless = {stars(0, std::numeric_limits<double>::infinity())};
  CHECK_THROWS_AS(fusion.fit(rows, beyond), paa::Error);
  CHECK_THROWS_AS(fusion.fit(rows, endless), paa::Error);
  rows.values[4] = std::nanf("");
  CHECK_THROWS_AS(fusion.predict(rows), paa::Error);
  CHECK(fusion.means(golden_rows()) == before);
}

TEST_CASE("A score is cut to the scale, its levels are not", "[feature_fusion]") {
  const paa::Score high = paa::rating_score(9, 1, 1, 7);
  CHECK(high.mean == 7);
  CHECK(high.levels.back() > 0.99);
  const paa::Score middle = paa::rating_score(4, 1, 1, 7);
  CHECK(middle.levels[2] == Approx(std::erf(0.75 / std::sqrt(2.0))));
  CHECK(middle.levels[0] == Approx(middle.levels[4]));
}
