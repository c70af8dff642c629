#include "paa/data/splits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "paa/core/error.h"
#include "paa/core/random.h"

namespace paa {
namespace {

constexpr std::uint64_t kPeopleStream = 1, kPhotoStream = 2;

template <class Rows>
bool has_split(const Rows& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.split != Split::kNone; });
}

void refuse_too_many(std::size_t asked, std::size_t there, const std::string& of_what) {
  if (asked <= there) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the split plan asks for {} {}, there are {}; ask for fewer", asked, of_what, there));
}

std::vector<std::size_t> ratings_of_people(const RatingTable& table) {
  std::vector<std::size_t> counts(table.people.size());
  for (const Rating& rating : table.ratings) ++counts[rating.person];
  return counts;
}

void split_people(RatingTable& table, const SplitPlan& plan) {
  const auto counts = ratings_of_people(table);
  const auto order = Random(plan.seed, kPeopleStream).permutation(table.people.size());
  std::size_t tests = 0, validations = 0;
  for (const std::size_t i : order) {
    const bool may_test = counts[i] >= plan.min_test_ratings && counts[i] <= plan.max_test_ratings;
    if (may_test && tests < plan.test_people) {
      table.people[i].split = Split::kTest;
      ++tests;
    }
  }
  for (const std::size_t i : order) {
    if (table.people[i].split == Split::kTest) continue;
    const bool validates = validations < plan.validation_people;
    table.people[i].split = validates ? Split::kValidation : Split::kTrain;
    validations += validates;
  }
}

void check_people(const RatingTable& table, const SplitPlan& plan) {
  const auto counts = ratings_of_people(table);
  const auto eligible = std::count_if(counts.begin(), counts.end(), [&](std::size_t count) {
    return count >= plan.min_test_ratings && count <= plan.max_test_ratings;
  });
  refuse_too_many(plan.test_people, static_cast<std::size_t>(eligible),
                  fmt::format("test people with {} to {} ratings", plan.min_test_ratings, plan.max_test_ratings));
  refuse_too_many(plan.test_people + plan.validation_people, counts.size(), "test and validation people");
}

std::pair<std::size_t, std::size_t> photo_counts(const RatingTable& table, const SplitPlan& plan) {
  const auto is_part = [](double part) { return part >= 0 && part <= 1; };
  if (!is_part(plan.test_photos) || !is_part(plan.validation_photos) || plan.test_photos + plan.validation_photos > 1) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the split plan asks for {} of the photos for testing and {} for validation; these must be "
                            "parts of 1",
                            plan.test_photos, plan.validation_photos));
  }
  const auto all = table.photos.size();
  const auto tests = static_cast<std::size_t>(std::llround(plan.test_photos * static_cast<double>(all)));
  const auto others = static_cast<std::size_t>(std::llround(plan.validation_photos * static_cast<double>(all)));
  return {tests, std::min(others, all - tests)};
}

void split_photos(RatingTable& table, const SplitPlan& plan, std::size_t tests, std::size_t validations) {
  const auto order = Random(plan.seed, kPhotoStream).permutation(table.photos.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    table.photos[order[i]].split =
        i < tests ? Split::kTest : i < tests + validations ? Split::kValidation : Split::kTrain;
  }
}

}  // namespace

SplitPlan default_split_plan(std::string_view set) {
  if (set == "flickr-aes") {
    return {.test_people = 37, .min_test_ratings = 105, .max_test_ratings = 171, .test_photos = 0.1};
  }
  if (set == "para") return {.test_people = 40, .test_photos = 0.1};
  if (set == "lapis") return {.test_people = 37, .test_photos = 0.1};
  if (set == "real-cur") return {.test_people = 14, .test_photos = 1};
  if (set == "eva") return {.test_people = 109, .test_photos = 0.1};
  if (set == "oasis") return {};
  throw Error(ErrorCode::kInvalidArgument, fmt::format("there is no split plan for a set named \"{}\"", set));
}

void assign_splits(RatingTable& table, const SplitPlan& plan) {
  const bool draws_people = !has_split(table.people), draws_photos = !has_split(table.photos);
  if (draws_people) check_people(table, plan);
  const auto [tests, validations] = photo_counts(table, plan);
  if (draws_people) split_people(table, plan);
  if (draws_photos) split_photos(table, plan, tests, validations);
}

}  // namespace paa
