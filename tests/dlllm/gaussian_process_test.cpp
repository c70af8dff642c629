#include "paa/dlllm/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "catch.h"
#include "golden_verdicts.h"
#include "paa/core/error.h"
#include "paa/dlllm/feature_fusion.h"

using paa::FeatureFusion;
using paa::FeatureRows;
using paa::GaussianProcess;
using paa::Observation;
using paa::Population;
using paa::Prediction;
using paa::VerdictKind;

namespace {

paa::Json process_golden() { return paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "gaussian_process.json"); }

Population bent_population() {
  Population population = golden_population();
  const paa::Json json = process_golden()["gaussian_process"];
  population.gaussian_process = {json["scale"], json["length"]};
  // A prediction's mean is cut to the scale; the oracle's is not.
  population.scale_low = -100;
  population.scale_high = 100;
  return population;
}

std::vector<Prediction> predicted(const std::vector<Observation>& observations,
                                  Population population = bent_population(), FeatureRows rows = golden_rows()) {
  GaussianProcess process(std::move(population));
  process.fit(rows, observations);
  return process.predict(rows);
}

void check_near(const std::vector<Prediction>& left, const std::vector<Prediction>& right, double tolerance) {
  REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    CHECK(left[i].score.mean == Approx(right[i].score.mean).margin(tolerance));
    CHECK(left[i].score.spread == Approx(right[i].score.spread).margin(tolerance));
    CHECK(left[i].deviation == Approx(right[i].deviation).margin(tolerance));
  }
}

void check_finite(const std::vector<Prediction>& predictions) {
  for (const auto& prediction : predictions) {
    CHECK(std::isfinite(prediction.score.mean));
    CHECK(std::isfinite(prediction.deviation));
    CHECK(prediction.score.spread > 0);
    CHECK(std::accumulate(prediction.score.levels.begin(), prediction.score.levels.end(), 0.0) == Approx(1));
  }
}

}  // namespace

TEST_CASE("Means and deviations are those of scikit-learn's Gaussian process", "[gaussian_process]") {
  const paa::Json json = process_golden();
  REQUIRE(json["cases"].size() == 2);
  for (const auto& expected : json["cases"]) {
    const auto predictions = predicted(observations_of(expected["verdicts"]));
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      INFO(expected["name"] << ", photo " << i);
      CHECK(predictions[i].score.mean == Approx(expected["mean"][i].get<double>()).margin(2e-5));
      CHECK(predictions[i].deviation == Approx(expected["deviation"][i].get<double>()).margin(2e-5));
    }
  }
}

TEST_CASE("Without a non-linear part it is FeatureFusion, for all kinds of verdicts", "[gaussian_process]") {
  Population population = golden_population();
  population.calibration.noise_strength = 5;
  population.gaussian_process = {0, 0.7};
  for (const auto& observations : {std::vector<Observation>(), {stars(3, 6)}, all_kinds()}) {
    FeatureFusion fusion(population);
    fusion.fit(golden_rows(), observations);
    check_near(predicted(observations, population), fusion.predict(golden_rows()), 1e-9);
  }
}

TEST_CASE("A kernel of endless length is one more offset", "[gaussian_process]") {
  Population bent = golden_population(), offset = golden_population();
  bent.gaussian_process = {0.6, 1e4};
  offset.offset_scale = std::hypot(offset.offset_scale, 0.6);
  std::vector<Observation> observations = all_kinds();
  // Keeping and rejecting is told from the usual rating, which the offset is part of and the kernel is not.
  std::erase_if(observations, [](const Observation& one) {
    return one.kind == VerdictKind::kKeep || one.kind == VerdictKind::kReject;
  });
  FeatureFusion fusion(offset);
  fusion.fit(golden_rows(), observations);
  check_near(predicted(observations, bent), fusion.predict(golden_rows()), 1e-4);
}

TEST_CASE("A bent taste is learned where the linear model cannot", "[gaussian_process]") {
  // One column; liked in the middle, disliked at both ends.
  Population population = golden_population();
  population.groups = {{"pooled", 0.3, {0}, {1}}};
  population.gaussian_process = {1.5, 0.7};
  FeatureRows rows{2, {}};
  std::vector<Observation> observations;
  for (int i = 0; i < 41; ++i) {
    const float at = -2 + 0.1f * static_cast<float>(i);
    rows.values.insert(rows.values.end(), {3.9f, at});
    if (i % 2 == 0) observations.push_back(stars(static_cast<std::size_t>(i), std::abs(at) < 1 ? 6 : 2));
  }
  FeatureFusion fusion(population);
  fusion.fit(rows, observations);
  const auto bent = predicted(observations, population, rows), straight = fusion.predict(rows);
  CHECK(bent[21].score.mean > bent[1].score.mean + 2.5);
  CHECK(bent[21].score.mean > bent[39].score.mean + 2.5);
  CHECK(straight[21].score.mean < std::max(straight[1].score.mean, straight[39].score.mean) + 0.5);
}

TEST_CASE("A Gaussian process follows the verdicts, in any order", "[gaussian_process]") {
  auto observations = all_kinds();
  const auto forwards = predicted(observations);
  std::reverse(observations.begin(), observations.end());
  check_near(forwards, predicted(observations), 1e-5);
  const auto before = predicted({}), kept = predicted({{VerdictKind::kKeep, 4, 4, 0}}),
             rejected = predicted({{VerdictKind::kReject, 4, 4, 0}}),
             preferred = predicted({{VerdictKind::kPreference, 1, 2, 0}});
  CHECK(kept[4].score.mean > before[4].score.mean);
  CHECK(rejected[4].score.mean < before[4].score.mean);
  CHECK(preferred[1].score.mean - preferred[2].score.mean > before[1].score.mean - before[2].score.mean);
}

TEST_CASE("A rating moves its photo most and makes it surer, others hardly less sure", "[gaussian_process]") {
  const auto before = predicted({}), after = predicted({stars(3, 7)});
  CHECK(after[3].score.mean > before[3].score.mean);
  CHECK(after[3].score.mean < 7);
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].deviation <= before[i].deviation + 1e-9);
    CHECK(before[3].deviation - after[3].deviation >= 0);
  }
}

TEST_CASE("Equal ratings, equal photos, one photo again and again: all stays finite", "[gaussian_process]") {
  std::vector<Observation> equal, again;
  for (std::size_t i = 0; i < golden_rows().rows(); ++i) equal.push_back(stars(i, 2));
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) again.push_back(stars(random() % 3, 1 + random() % 7));
  check_finite(predicted(equal));
  check_finite(predicted(again));
  FeatureRows same = golden_rows();
  for (std::size_t i = same.columns; i < same.values.size(); ++i) same.values[i] = same.values[i % same.columns];
  const auto alike = predicted(all_kinds(), bent_population(), same);
  check_finite(alike);
  for (const auto& prediction : alike) CHECK(prediction.score.mean == Approx(alike[0].score.mean).margin(1e-4));
}

TEST_CASE("A new fit of a Gaussian process forgets the old one; a refused one changes nothing", "[gaussian_process]") {
  GaussianProcess process(bent_population());
  process.fit(golden_rows(), all_kinds());
  const auto learned = process.predict(golden_rows());
  const std::vector<Observation> beyond = {stars(99, 4)}, endless = {stars(0, std::numeric_limits<double>::infinity())};
  CHECK_THROWS_AS(process.fit(golden_rows(), beyond), paa::Error);
  CHECK_THROWS_AS(process.fit(golden_rows(), endless), paa::Error);
  CHECK_THROWS_AS(process.fit(FeatureRows{3, std::vector<float>(6)}, {}), paa::Error);
  FeatureRows rows = golden_rows();
  rows.values[4] = std::nanf("");
  CHECK_THROWS_AS(process.predict(rows), paa::Error);
  check_near(process.predict(golden_rows()), learned, 0);
  process.fit(golden_rows(), {});
  check_near(process.predict(golden_rows()), GaussianProcess(bent_population()).predict(golden_rows()), 0);
  CHECK(process.predict(FeatureRows{}).empty());
}
