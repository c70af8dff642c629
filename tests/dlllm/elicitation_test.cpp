#include "paa/dlllm/elicitation.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "catch.h"
#include "paa/core/error.h"

using paa::ElicitationOptions;
using paa::FeatureFusion;
using paa::FeatureRows;
using paa::next_questions;
using paa::Observation;
using paa::Population;
using paa::VerdictKind;

namespace {

constexpr std::size_t kColumns = 20;

// People differ in how they weigh 20 features, and each rates with little noise.
Population population() {
  Population population;
  population.intercept = 4;
  population.slope = 0;
  population.offset_scale = 0.5;
  population.noise = 0.5;
  population.groups = {{"features", 1.5, std::vector<double>(kColumns, 0), std::vector<double>(kColumns, 1)}};
  population.calibration = {1e9, 1};
  population.ask_threshold = 1e-3;
  return population;
}

// Photos of a few kinds, most of them of the first: random asking sees little of the others.
FeatureRows photos(std::size_t count, std::mt19937& random) {
  std::normal_distribution<float> normal;
  FeatureRows rows{kColumns + 1, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kind = random() % 10 < 7 ? 0 : random() % (kColumns / 2);
    rows.values.push_back(0);
    for (std::size_t j = 0; j < kColumns; ++j) rows.values.push_back(normal(random) * (j / 2 == kind ? 2.0f : 0.3f));
  }
  return rows;
}

std::vector<double> ratings(const FeatureRows& rows, std::mt19937& random) {
  std::normal_distribution<double> normal;
  std::vector<double> weights(kColumns), values;
  for (double& weight : weights) weight = normal(random) * 1.5 / std::sqrt(static_cast<double>(kColumns));
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double value = 4;
    for (std::size_t j = 0; j < kColumns; ++j) value += weights[j] * static_cast<double>(rows.row(i)[j + 1]);
    values.push_back(value + 0.5 * normal(random));
  }
  return values;
}

double error_after(const FeatureFusion& person, const FeatureRows& rows, const std::vector<double>& truth) {
  const auto means = person.means(rows);
  double sum = 0;
  for (std::size_t i = 0; i < means.size(); ++i) sum += std::pow(means[i] - truth[i], 2);
  return std::sqrt(sum / static_cast<double>(means.size()));
}

Observation stars(std::size_t photo, double value) { return {VerdictKind::kStars, photo, photo, value}; }

std::vector<bool> asked_of(const FeatureRows& rows, const std::vector<std::size_t>& photos) {
  std::vector<bool> asked(rows.rows());
  for (const auto photo : photos) asked[photo] = true;
  return asked;
}

}  // namespace

TEST_CASE("Asking what tells most needs fewer ratings than asking at random", "[elicitation]") {
  constexpr std::size_t kAsked = 17, kRandom = 20;
  double chosen_error = 0, random_error = 0;
  for (unsigned seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    const FeatureRows rows = photos(150, random);
    const auto truth = ratings(rows, random);
    FeatureFusion chosen(population()), at_random(population());
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < kAsked; ++i) {
      ElicitationOptions options;
      options.asked = asked_of(rows, order);
      order.push_back(next_questions(chosen, rows, options).front().photo);
      chosen.add(rows, stars(order.back(), truth[order.back()]));
    }
    for (std::size_t i = 0; i < kRandom; ++i) {
      const std::size_t photo = random() % rows.rows();
      at_random.add(rows, stars(photo, truth[photo]));
    }
    chosen_error += error_after(chosen, rows, truth);
    random_error += error_after(at_random, rows, truth);
  }
  CHECK(chosen_error < random_error);
}

TEST_CASE("The gain is the fall of the mean spread", "[elicitation]") {
  std::mt19937 random(1);
  const FeatureRows rows = photos(60, random);
  FeatureFusion person(population());
  const auto spread = [&] {
    double sum = 0;
    for (const auto& prediction : person.predict(rows)) sum += prediction.score.spread;
    return sum / static_cast<double>(rows.rows());
  };
  const auto question = next_questions(person, rows).front();
  const double before = spread();
  person.add(rows, stars(question.photo, 4));
  CHECK(before - spread() == Approx(question.gain).margin(1e-5));
}

TEST_CASE("Several questions differ, and each tells less than the one before", "[elicitation]") {
  std::mt19937 random(2);
  FeatureRows rows = photos(40, random);
  // The same photos once more.
  const auto once = rows.values;
  rows.values.insert(rows.values.end(), once.begin(), once.end());
  ElicitationOptions options;
  options.count = 10;
  const auto questions = next_questions(FeatureFusion(population()), rows, options);
  REQUIRE(questions.size() == 10);
  std::set<std::size_t> kinds;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    kinds.insert(questions[i].photo % 40);
    if (i > 0) CHECK(questions[i].gain <= questions[i - 1].gain * 1.02);  // chosen by variance, told in deviations
  }
  CHECK(kinds.size() >= 9);
  CHECK(next_questions(FeatureFusion(population()), rows, options) == questions);
}

TEST_CASE("What was asked is not asked again, and in the end nothing is left", "[elicitation]") {
  std::mt19937 random(3);
  const FeatureRows rows = photos(6, random);
  ElicitationOptions options;
  options.threshold = 0;
  options.count = 100;
  options.asked = asked_of(rows, {1, 4});
  const auto questions = next_questions(FeatureFusion(population()), rows, options);
  CHECK(questions.size() == 4);
  for (const auto& question : questions) CHECK(!options.asked[question.photo]);
  options.asked.assign(6, true);
  CHECK(next_questions(FeatureFusion(population()), rows, options).empty());
}

TEST_CASE("Asking stops by itself when another answer would tell little", "[elicitation]") {
  std::mt19937 random(4);
  const FeatureRows rows = photos(100, random);
  ElicitationOptions options;
  options.count = 100;
  options.threshold = 0.02;
  const auto questions = next_questions(FeatureFusion(population()), rows, options);
  CHECK(questions.size() > 2);
  CHECK(questions.size() < 60);
  CHECK(questions.back().gain >= 0.02);
}

TEST_CASE("Pairs are of two photos and never put twice", "[elicitation]") {
  std::mt19937 random(5);
  const FeatureRows rows = photos(8, random);
  ElicitationOptions options;
  options.pairs = true;
  options.count = 100;
  options.threshold = 0;
  const auto questions = next_questions(FeatureFusion(population()), rows, options);
  CHECK(questions.size() == 28);
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& question : questions) {
    CHECK(question.pair);
    CHECK(question.photo != question.other);
    pairs.insert(std::minmax(question.photo, question.other));
  }
  CHECK(pairs.size() == questions.size());
  options.asked_pairs = {questions.front()};
  CHECK(next_questions(FeatureFusion(population()), rows, options).size() == 27);
}

TEST_CASE("Large libraries are looked at in part, and wrong lists are refused", "[elicitation]") {
  std::mt19937 random(6);
  const FeatureRows rows = photos(300, random);
  ElicitationOptions options;
  options.most_photos = 30;
  CHECK(next_questions(FeatureFusion(population()), rows, options).size() == 1);
  options.asked.assign(3, false);
  CHECK_THROWS_AS(next_questions(FeatureFusion(population()), rows, options), paa::Error);
  CHECK_THROWS_AS(next_questions(FeatureFusion(population()), FeatureRows{3, {1, 2, 3}}), paa::Error);
  CHECK(next_questions(FeatureFusion(population()), FeatureRows{kColumns + 1, {}}).empty());
}
