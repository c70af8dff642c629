#include "paa/eval/evaluation.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "paa/core/error.h"
#include "planted_table.h"

using namespace paa;
using namespace paa::eval;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Each query rating through `change`.
template <class Change>
Predictions predictions_of(const RatingTable& table, const std::vector<PersonQuery>& queries, const Change& change) {
  Predictions predictions;
  for (const auto& query : queries) {
    for (const auto rating : query.ratings) predictions.mean.push_back(change(table.ratings[rating]));
  }
  return predictions;
}

}  // namespace

TEST_CASE("the ratings themselves are predicted best, their opposite worst") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  const auto right = evaluate(table, queries, {"right", 0, {predictions_of(table, queries, [](Rating r) { return r.value; })}});
  const auto wrong = evaluate(table, queries, {"wrong", 0, {predictions_of(table, queries, [](Rating r) { return 8 - r.value; })}});
  for (const Metric metric : {Metric::kSrocc, Metric::kPlcc, Metric::kTau}) {
    CHECK(right[metric].mean == Approx(1));
    CHECK(wrong[metric].mean == Approx(-1));
    CHECK(right.pooled[metric] == Approx(1));
  }
  CHECK(right[Metric::kMae].mean == 0);
  CHECK(right.photo_srocc == Approx(1));
  CHECK(right.people.size() == 6);
  CHECK(std::isnan(right[Metric::kCrps].mean));
}

TEST_CASE("per person and pooled differ: an offset of each person costs the pooled value only") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  const auto moved = evaluate(table, queries, {"moved", 0, {predictions_of(table, queries, [](Rating r) {
                                                 return r.value + 2.0 * (r.person % 3);
                                               })}});
  CHECK(moved[Metric::kSrocc].mean == Approx(1));
  CHECK(moved.pooled[Metric::kSrocc] < 0.9);
}

TEST_CASE("people with few ratings or all alike have errors but no correlation") {
  RatingTable table = planted_table();
  // Person 13 keeps seven ratings of test photos; person 14 likes everything.
  std::erase_if(table.ratings, [](const Rating& r) { return r.person == 13 && r.photo >= 35 + 7; });
  for (auto& rating : table.ratings) {
    if (rating.person == 14) rating.value = 6;
  }
  const auto queries = test_queries(table);
  CHECK_FALSE(can_rank(table, queries[0]));
  CHECK_FALSE(can_rank(table, queries[1]));
  CHECK(can_rank(table, queries[2]));
  const auto row = evaluate(table, queries, {"row", 0, {predictions_of(table, queries, [](Rating r) { return r.photo; })}});
  CHECK(row[Metric::kSrocc].people == 4);
  CHECK(row[Metric::kMae].people == 6);
  CHECK(std::isnan(row.people[0][Metric::kTau]));
  CHECK(std::isnan(row.people[1][Metric::kPlcc]));
}

TEST_CASE("a figure of several repeats is their mean") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  const auto up = predictions_of(table, queries, [](Rating r) { return r.value; });
  const auto down = predictions_of(table, queries, [](Rating r) { return r.value + 3; });
  const auto row = evaluate(table, queries, {"both", 0, {up, down}});
  CHECK(row.repeats == 2);
  CHECK(row[Metric::kMae].mean == Approx(1.5));
  CHECK(row.pooled[Metric::kMae] == Approx(1.5));
  CHECK(row[Metric::kSrocc].mean == Approx(1));
}

TEST_CASE("a constant prediction has an error and no order") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  const auto row = evaluate(table, queries, {"flat", 0, {predictions_of(table, queries, [](Rating) { return 3.7; })}});
  CHECK(row[Metric::kSrocc].people == 0);
  CHECK(std::isnan(row[Metric::kSrocc].mean));
  CHECK(std::isnan(row.photo_srocc));
  CHECK(row[Metric::kRmse].mean > 0);
}

TEST_CASE("a paired difference is that of each person's figures") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  Random random(1);
  const auto noisy = [&](double noise) {
    return evaluate(table, queries, {"noisy", 0, {predictions_of(table, queries, [&](Rating r) { return r.value + noise * random.normal(); })}});
  };
  const auto good = noisy(0.2), bad = noisy(5);
  const Difference difference = paired_difference(good, bad);
  CHECK(difference[Metric::kSrocc].mean == Approx(good[Metric::kSrocc].mean - bad[Metric::kSrocc].mean));
  CHECK(difference[Metric::kSrocc].low > 0);
  CHECK(difference[Metric::kMae].high < 0);
}

TEST_CASE("retests: the first rating predicts the second, person by person") {
  RatingTable table = planted_table();
  CHECK(evaluate_retests(table).people.empty());
  for (std::uint32_t person = 0; person < 3; ++person) {
    for (std::uint32_t photo = 0; photo < 10; ++photo) {
      const auto first = static_cast<float>(1 + photo % 7);
      table.retests.push_back({person, photo, first, person == 0 ? first : first + 1});
    }
  }
  const RowResult retest = evaluate_retests(table);
  REQUIRE(retest.people.size() == 3);
  CHECK(retest[Metric::kMae].mean == Approx(2.0 / 3));
  CHECK(retest[Metric::kSrocc].mean == Approx(1));
  CHECK(retest.people[0][Metric::kMae] == 0);
}

TEST_CASE("predictions that do not fit the queries are refused") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  CHECK_THROWS_WITH(evaluate(table, queries, {"short", 0, {{{1, 2, 3}, {}}}}), Catch::Matchers::Contains("\"short\""));
  CHECK_THROWS_AS(evaluate(table, queries, {"none", 0, {}}), Error);
}

TEST_CASE("a prediction that is no number spoils the person's figures only") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  auto predictions = predictions_of(table, queries, [](Rating r) { return r.value; });
  predictions.mean.front() = kNan;
  const auto row = evaluate(table, queries, {"hole", 0, {predictions}});
  CHECK(row[Metric::kSrocc].people == 5);
  CHECK(std::isnan(row.people[0][Metric::kMae]));
}
