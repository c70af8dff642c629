#include "paa/dlllm/boosted_trees.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "catch.h"
#include "golden_verdicts.h"
#include "paa/core/error.h"
#include "paa/dlllm/feature_fusion.h"

using paa::BoostedTrees;
using paa::FeatureFusion;
using paa::FeatureRows;
using paa::Observation;
using paa::Population;
using paa::Prediction;
using paa::VerdictKind;

namespace {

constexpr std::size_t kColumns = 20, kPhotos = 120;

// A person who likes the middle of the first column and dislikes both ends: no straight line says that.
struct Planted {
  Population population;
  FeatureRows rows{kColumns + 1, {}};
  std::vector<double> truth;
};

Planted planted() {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  Planted data;
  data.population.groups = {{"pooled", 1.5, std::vector<double>(kColumns, 0), std::vector<double>(kColumns, 1)}};
  data.population.slope = 0.5;
  data.population.noise = 0.5;
  for (std::size_t i = 0; i < kPhotos; ++i) {
    for (std::size_t j = 0; j <= kColumns; ++j) data.rows.values.push_back(normal(random));
    const auto row = data.rows.row(i);
    data.truth.push_back(4 + 0.5 * static_cast<double>(row[0]) + (std::abs(row[1]) < 0.67f ? 1.5 : -1.5));
  }
  return data;
}

std::vector<Observation> first(const Planted& data, std::size_t count) {
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < count; ++i) observations.push_back(stars(i, data.truth[i]));
  return observations;
}

std::vector<Prediction> predicted(const Planted& data, const std::vector<Observation>& observations) {
  BoostedTrees trees(data.population);
  trees.fit(data.rows, observations);
  return trees.predict(data.rows);
}

double error_of(const std::vector<Prediction>& predictions, const Planted& data, std::size_t begin) {
  double sum = 0;
  for (std::size_t i = begin; i < kPhotos; ++i) sum += std::abs(predictions[i].score.mean - data.truth[i]);
  return sum / static_cast<double>(kPhotos - begin);
}

void check_equal(const std::vector<Prediction>& left, const std::vector<Prediction>& right) {
  REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    CHECK(left[i].score.mean == right[i].score.mean);
    CHECK(left[i].score.spread == right[i].score.spread);
    CHECK(left[i].deviation == right[i].deviation);
  }
}

void check_finite(const std::vector<Prediction>& predictions) {
  for (const auto& prediction : predictions) {
    CHECK(std::isfinite(prediction.score.mean));
    CHECK(prediction.score.mean >= 1);
    CHECK(prediction.score.mean <= 7);
    CHECK(prediction.deviation >= 0);
    CHECK(prediction.score.spread > 0);
    CHECK(std::accumulate(prediction.score.levels.begin(), prediction.score.levels.end(), 0.0) == Approx(1));
  }
}

bool skipped() {
  if (BoostedTrees::available()) return false;
  WARN("skipped: built without XGBoost");
  return true;
}

}  // namespace

TEST_CASE("Without XGBoost boosted trees say what to install", "[boosted_trees]") {
  if (BoostedTrees::available()) return;
  CHECK_THROWS_WITH(BoostedTrees(Population()), Catch::Matchers::Contains("libxgboost-dev"));
}

TEST_CASE("Without a rating boosted trees predict what the population says", "[boosted_trees]") {
  if (skipped()) return;
  const auto data = planted();
  const auto trees = predicted(data, {}), fusion = FeatureFusion(data.population).predict(data.rows);
  for (std::size_t i = 0; i < trees.size(); ++i) {
    CHECK(trees[i].score.mean == Approx(fusion[i].score.mean).margin(1e-5));
    CHECK(trees[i].deviation == Approx(fusion[i].deviation).margin(1e-5));
    CHECK(trees[i].score.spread == Approx(fusion[i].score.spread).margin(1e-5));
  }
}

TEST_CASE("Fewer than five ratings move what is usual, and nothing else", "[boosted_trees]") {
  if (skipped()) return;
  const auto data = planted();
  const auto before = predicted(data, {});
  double last = 0;
  for (const std::size_t count : {1, 2, 4}) {
    std::vector<Observation> observations;
    for (std::size_t i = 0; i < count; ++i) observations.push_back(stars(i, before[i].score.mean + 1));
    const auto after = predicted(data, observations);
    const double moved = after[50].score.mean - before[50].score.mean;
    for (std::size_t i = 0; i < kPhotos; ++i) {
      if (after[i].score.mean < 7 && before[i].score.mean > 1)
        CHECK(after[i].score.mean - before[i].score.mean == Approx(moved));
      CHECK(after[i].deviation < before[i].deviation);
    }
    CHECK(moved > last);
    CHECK(moved < 1);
    last = moved;
  }
}

TEST_CASE("Boosted trees learn what is no straight line, better with more ratings", "[boosted_trees]") {
  if (skipped()) return;
  const auto data = planted();
  FeatureFusion fusion(data.population);
  fusion.fit(data.rows, first(data, 80));
  const double none = error_of(predicted(data, {}), data, 80),
               some = error_of(predicted(data, first(data, 30)), data, 80),
               many = error_of(predicted(data, first(data, 80)), data, 80);
  CHECK(some < none);
  CHECK(many < 0.8 * none);
  CHECK(many < some);
  CHECK(many < 0.8 * error_of(fusion.predict(data.rows), data, 80));
}

TEST_CASE("Spread follows from ratings that were held out", "[boosted_trees]") {
  if (skipped()) return;
  const auto data = planted();
  auto erratic = first(data, 60);
  for (std::size_t i = 0; i < erratic.size(); ++i) erratic[i].stars = i % 2 == 0 ? 1 : 7;
  const auto steady = predicted(data, first(data, 60)), odd = predicted(data, erratic);
  CHECK(odd[100].score.spread > steady[100].score.spread + 1);
  // Of a rating: no smaller than errors on photos that were not rated.
  CHECK(steady[100].score.spread > error_of(steady, data, 60));
  CHECK(steady[100].deviation < predicted(data, {})[100].deviation);
}

TEST_CASE("Neither the order of ratings nor that of photos matters to boosted trees", "[boosted_trees]") {
  if (skipped()) return;
  const auto data = planted();
  auto observations = first(data, 40);
  const auto forwards = predicted(data, observations);
  std::shuffle(observations.begin(), observations.end(), std::mt19937(2));
  check_equal(forwards, predicted(data, observations));

  FeatureRows backwards{data.rows.columns, {}};
  for (std::size_t i = 40; i-- > 0;) {
    const auto row = data.rows.row(i);
    backwards.values.insert(backwards.values.end(), row.begin(), row.end());
  }
  for (auto& one : observations) one.photo = one.other = 39 - one.photo;
  BoostedTrees trees(data.population);
  trees.fit(backwards, observations);
  check_equal(forwards, trees.predict(data.rows));
}

TEST_CASE("Equal ratings, equal photos, one photo again and again leave boosted trees finite", "[boosted_trees]") {
  if (skipped()) return;
  auto data = planted();
  std::vector<Observation> equal, again;
  for (std::size_t i = 0; i < 50; ++i) equal.push_back(stars(i, 7));
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) again.push_back(stars(random() % 3, 1 + random() % 7));
  const auto before = predicted(data, {}), after = predicted(data, equal);
  check_finite(after);
  CHECK(after[60].score.mean > before[60].score.mean);
  check_finite(predicted(data, again));
  for (std::size_t i = data.rows.columns; i < data.rows.values.size(); ++i)
    data.rows.values[i] = data.rows.values[i % data.rows.columns];
  const auto alike = predicted(data, first(data, 30));
  check_finite(alike);
  for (const auto& prediction : alike) CHECK(prediction.score.mean == alike[0].score.mean);
}

TEST_CASE("Choices are refused by boosted trees, which name what takes them; nothing changes", "[boosted_trees]") {
  if (skipped()) return;
  const auto data = planted();
  BoostedTrees trees(data.population);
  trees.fit(data.rows, first(data, 20));
  const auto before = trees.predict(data.rows);
  for (const auto kind : {VerdictKind::kPreference, VerdictKind::kKeep, VerdictKind::kReject}) {
    const std::vector<Observation> choice = {{kind, 1, 2, 0}};
    CHECK_THROWS_WITH(trees.fit(data.rows, choice), Catch::Matchers::Contains("FeatureFusion"));
  }
  const std::vector<Observation> beyond = {stars(kPhotos, 4)},
                                 endless = {stars(0, std::numeric_limits<double>::infinity())};
  CHECK_THROWS_AS(trees.fit(data.rows, beyond), paa::Error);
  CHECK_THROWS_AS(trees.fit(data.rows, endless), paa::Error);
  CHECK_THROWS_AS(trees.fit(FeatureRows{3, std::vector<float>(6)}, {}), paa::Error);
  FeatureRows wrong = data.rows;
  wrong.values[7] = std::nanf("");
  CHECK_THROWS_AS(trees.predict(wrong), paa::Error);
  check_equal(trees.predict(data.rows), before);
  CHECK(trees.predict(FeatureRows{}).empty());
  trees.fit(data.rows, {});
  check_equal(trees.predict(data.rows), predicted(data, {}));
}
