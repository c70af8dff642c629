#include "paa/eval/protocol.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "paa/core/error.h"
#include "planted_table.h"

using namespace paa;
using namespace paa::eval;

namespace {

std::set<std::uint32_t> photos_of(const RatingTable& table, std::span<const std::uint32_t> ratings) {
  std::set<std::uint32_t> photos;
  for (const auto rating : ratings) photos.insert(table.ratings[rating].photo);
  return photos;
}

}  // namespace

TEST_CASE("zero-shot asks test people for test photos, and for all of them") {
  const RatingTable table = planted_table();
  const auto queries = test_queries(table);
  REQUIRE(queries.size() == 6);
  for (const auto& query : queries) {
    CHECK(table.people[query.person].split == Split::kTest);
    CHECK(query.ratings.size() == 15);
    for (const auto rating : query.ratings) {
      CHECK(table.ratings[rating].person == query.person);
      CHECK(table.photos[table.ratings[rating].photo].split == Split::kTest);
    }
  }
}

TEST_CASE("a person without a rating of a test photo is not asked") {
  RatingTable table = planted_table();
  std::erase_if(table.ratings, [](const Rating& rating) { return rating.person == 13 && rating.photo >= 35; });
  const auto queries = test_queries(table);
  CHECK(queries.size() == 5);
  CHECK(queries.front().person == 14);
}

TEST_CASE("support and query share neither ratings nor photos") {
  const RatingTable table = planted_table();
  const KShotPlan plan = plan_k_shot(table, {.largest_k = 25, .draws = 10, .seed = 3});
  REQUIRE(plan.queries.size() == 6);
  for (std::size_t i = 0; i < plan.queries.size(); ++i) {
    const auto asked = photos_of(table, plan.queries[i].ratings);
    REQUIRE(plan.supports[i].size() == 10);
    for (const auto& support : plan.supports[i]) {
      const auto known = photos_of(table, support);
      CHECK(known.size() == 25);
      std::vector<std::uint32_t> shared;
      std::set_intersection(asked.begin(), asked.end(), known.begin(), known.end(), std::back_inserter(shared));
      CHECK(shared.empty());
      for (const auto rating : support) CHECK(table.ratings[rating].person == plan.queries[i].person);
    }
  }
}

TEST_CASE("more ratings know what fewer knew, and draws and people differ") {
  const RatingTable table = planted_table();
  const KShotPlan plan = plan_k_shot(table, {.largest_k = 25, .draws = 3, .seed = 3});
  const auto small = plan.support(1, 2, 10), large = plan.support(1, 2, 25);
  CHECK(std::equal(small.begin(), small.end(), large.begin()));
  CHECK(plan.supports[0][0] != plan.supports[0][1]);
  CHECK(photos_of(table, plan.supports[0][0]) != photos_of(table, plan.supports[1][0]));
}

TEST_CASE("the seed alone decides the supports; the queries are the same for every seed and k") {
  const RatingTable table = planted_table();
  const auto a = plan_k_shot(table, {.largest_k = 25, .draws = 2, .seed = 3});
  const auto b = plan_k_shot(table, {.largest_k = 25, .draws = 2, .seed = 3});
  const auto other_seed = plan_k_shot(table, {.largest_k = 25, .draws = 2, .seed = 4});
  const auto smaller = plan_k_shot(table, {.largest_k = 10, .draws = 2, .seed = 3});
  CHECK(a.supports == b.supports);
  CHECK(a.supports != other_seed.supports);
  for (std::size_t i = 0; i < a.queries.size(); ++i) {
    CHECK(a.queries[i].ratings == other_seed.queries[i].ratings);
    CHECK(a.queries[i].ratings == smaller.queries[i].ratings);
    const auto prefix = a.support(i, 1, 10);
    CHECK(std::equal(prefix.begin(), prefix.end(), smaller.supports[i][1].begin()));
  }
}

TEST_CASE("who has too few ratings is in no k, and is counted") {
  RatingTable table = planted_table();
  std::erase_if(table.ratings, [](const Rating& rating) { return rating.person == 14 && rating.photo < 20; });
  const KShotPlan plan = plan_k_shot(table, {.largest_k = 25, .draws = 1});
  CHECK(plan.left_out == 1);
  for (const auto& query : plan.queries) CHECK(query.person != 14);
}

TEST_CASE("shuffled profiles leave nobody their own and give each to one") {
  for (const std::size_t count : {2, 3, 93}) {
    for (std::uint64_t repeat = 0; repeat < 20; ++repeat) {
      const auto order = shuffled_people(count, 5, repeat);
      CHECK(std::set<std::size_t>(order.begin(), order.end()).size() == count);
      for (std::size_t i = 0; i < count; ++i) REQUIRE(order[i] != i);
    }
  }
  CHECK(shuffled_people(93, 5, 0) == shuffled_people(93, 5, 0));
  CHECK(shuffled_people(93, 5, 0) != shuffled_people(93, 5, 1));
  CHECK(shuffled_people(93, 5, 0) != shuffled_people(93, 6, 0));
}

TEST_CASE("what cannot be drawn is refused with the reason") {
  using Catch::Matchers::Contains;
  RatingTable table = planted_table();
  CHECK_THROWS_WITH(plan_k_shot(table, {.largest_k = 36}), Contains("36 ratings") && Contains("the most is 35"));
  CHECK_THROWS_AS(plan_k_shot(table, {.largest_k = 0}), Error);
  CHECK_THROWS_AS(plan_k_shot(table, {.draws = 0}), Error);
  CHECK_THROWS_AS(shuffled_people(1, 0, 0), Error);
  for (auto& photo : table.photos) photo.split = Split::kNone;
  CHECK_THROWS_WITH(test_queries(table), Contains("planted") && Contains("0 test photos"));
}
