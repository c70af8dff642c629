#include "paa/data/splits.h"

#include <algorithm>

#include "../core/refusal.h"
#include "catch.h"
#include "paa/data/read_ratings.h"

using paa::RatingTable;
using paa::Split;
using paa::SplitPlan;

namespace {

// Person i has i ratings.
RatingTable table_of(std::uint32_t people, std::uint32_t photos) {
  RatingTable table;
  table.people.resize(people);
  table.photos.resize(photos);
  for (std::uint32_t person = 0; person < people; ++person) {
    for (std::uint32_t i = 0; i < person; ++i) table.ratings.push_back({person, i % photos, 3});
  }
  return table;
}

template <class Rows>
std::vector<Split> splits(const Rows& rows) {
  std::vector<Split> result;
  for (const auto& row : rows) result.push_back(row.split);
  return result;
}

template <class Rows>
std::ptrdiff_t count(const Rows& rows, Split split) {
  return std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.split == split; });
}

RatingTable split_by(RatingTable table, const SplitPlan& plan) {
  paa::assign_splits(table, plan);
  return table;
}

}  // namespace

TEST_CASE("A plan's numbers are met, and everyone has a split", "[splits]") {
  const RatingTable table =
      split_by(table_of(30, 200),
               {.test_people = 7, .validation_people = 4, .test_photos = 0.1, .validation_photos = 0.25, .seed = 3});
  CHECK(count(table.people, Split::kTest) == 7);
  CHECK(count(table.people, Split::kValidation) == 4);
  CHECK(count(table.people, Split::kTrain) == 19);
  CHECK(count(table.photos, Split::kTest) == 20);
  CHECK(count(table.photos, Split::kValidation) == 50);
  CHECK(count(table.photos, Split::kTrain) == 130);
}

TEST_CASE("A seed gives one split, another seed another", "[splits]") {
  SplitPlan plan = {.test_people = 10, .test_photos = 0.5};
  const RatingTable first = split_by(table_of(40, 60), plan), second = split_by(table_of(40, 60), plan);
  CHECK(splits(first.people) == splits(second.people));
  CHECK(splits(first.photos) == splits(second.photos));
  plan.seed = 2;
  const RatingTable other = split_by(table_of(40, 60), plan);
  CHECK(splits(first.people) != splits(other.people));
  CHECK(splits(first.photos) != splits(other.photos));
}

TEST_CASE("Test people have as many ratings as the plan wants", "[splits]") {
  const RatingTable table =
      split_by(table_of(40, 60), {.test_people = 5, .min_test_ratings = 20, .max_test_ratings = 25});
  for (std::size_t i = 0; i < table.people.size(); ++i) {
    if (table.people[i].split == Split::kTest) CHECK((i >= 20 && i <= 25));
  }
  CHECK(count(table.people, Split::kTest) == 5);
}

TEST_CASE("Everybody is drawn equally often", "[splits]") {
  std::vector<int> drawn(10);
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const RatingTable table = split_by(table_of(10, 5), {.test_people = 3, .seed = seed});
    for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] += table.people[i].split == Split::kTest;
  }
  for (const int times : drawn) CHECK((times > 230 && times < 370));  // 300 expected, standard deviation 14.5
}

TEST_CASE("A split that the set brings along stays", "[splits]") {
  RatingTable table = table_of(10, 20);
  table.photos[3].split = Split::kTest;
  paa::assign_splits(table, {.test_people = 4, .test_photos = 1});
  CHECK(count(table.photos, Split::kTest) == 1);
  CHECK(count(table.people, Split::kTest) == 4);
  table.people[0].split = Split::kValidation;
  const auto before = splits(table.people);
  paa::assign_splits(table, {.test_people = 400, .seed = 9});
  CHECK(splits(table.people) == before);
}

TEST_CASE("A plan that cannot be met changes nothing", "[splits]") {
  for (const SplitPlan& plan :
       {SplitPlan{.test_people = 11}, SplitPlan{.test_people = 6, .validation_people = 5},
        SplitPlan{.test_people = 3, .min_test_ratings = 8}, SplitPlan{.test_photos = 1.5},
        SplitPlan{.test_photos = -0.1}, SplitPlan{.test_photos = 0.6, .validation_photos = 0.6}}) {
    RatingTable table = table_of(10, 20);
    CHECK(refusal([&] { paa::assign_splits(table, plan); }).code == paa::ErrorCode::kInvalidArgument);
    CHECK(count(table.people, Split::kNone) == 10);
    CHECK(count(table.photos, Split::kNone) == 20);
  }
}

TEST_CASE("Every set has a plan, and its size is that of the published protocol", "[splits]") {
  for (const auto name : paa::rating_set_names()) CHECK_NOTHROW(paa::default_split_plan(name));
  CHECK(paa::default_split_plan("flickr-aes").test_people == 37);
  CHECK(paa::default_split_plan("para").test_people == 40);
  CHECK(paa::default_split_plan("lapis").test_people == 37);
  CHECK(refusal([] { paa::default_split_plan("none"); }).code == paa::ErrorCode::kInvalidArgument);
}
