#include "paa/eval/baselines.h"

#include <cmath>

#include "catch.h"
#include "planted_table.h"

using namespace paa;
using namespace paa::eval;

namespace {

// Ratings that are exactly a person's offset plus noise: the generic prediction is 4 for every photo.
RatingTable offset_table(double between, double within, std::size_t photos) {
  RatingTable table;
  Random random(9);
  for (std::size_t i = 0; i < photos; ++i) table.photos.push_back({"i", "", "", "", Split::kTrain});
  for (std::uint32_t person = 0; person < 400; ++person) {
    table.people.push_back({"p", {}, Split::kTrain});
    const double offset = between * random.normal();
    // Uneven numbers of ratings, as real sets have them.
    for (std::uint32_t photo = person % 5; photo < photos; ++photo) {
      table.ratings.push_back({person, photo, static_cast<float>(4.5 + offset + within * random.normal())});
    }
  }
  return table;
}

}  // namespace

TEST_CASE("the oracle is the training people's mean of the same photo") {
  RatingTable table;
  table.people = {{"a", {}, Split::kTrain}, {"b", {}, Split::kTrain}, {"v", {}, Split::kValidation}, {"t", {}, Split::kTest}};
  table.photos = {{"x", "", "", "", Split::kTest}, {"y", "", "", "", Split::kTest}};
  table.ratings = {{0, 0, 2}, {1, 0, 4}, {2, 0, 7}, {3, 0, 7}, {0, 1, 6}, {3, 1, 1}};
  const auto queries = test_queries(table);
  const auto oracle = people_mean(table, queries);
  REQUIRE(oracle);
  CHECK(oracle->mean[0] == 3);
  CHECK(oracle->spread[0] == Approx(std::sqrt(2)));
  // One rating is no mean of people: the photo gets what all training ratings say.
  CHECK(oracle->mean[1] == 4);
  const auto constant = train_mean(table, queries);
  CHECK(constant->mean[0] == 4);
  CHECK(constant->spread[1] == Approx(2));
  for (auto& person : table.people) person.split = Split::kTest;
  CHECK_FALSE(people_mean(table, queries));
  CHECK_FALSE(train_mean(table, queries));
}

TEST_CASE("variance components are found again") {
  const RatingTable table = offset_table(0.8, 1.2, 30);
  const std::vector<double> generic(table.photos.size(), 4);
  const auto population = fit_offsets(table, generic);
  REQUIRE(population);
  CHECK(population->mean == Approx(0.5).margin(0.12));
  CHECK(population->between == Approx(0.8).margin(0.08));
  CHECK(population->within == Approx(1.2).margin(0.03));
}

TEST_CASE("people who do not differ get no offset") {
  const RatingTable table = offset_table(0, 1, 10);
  const auto population = fit_offsets(table, std::vector<double>(table.photos.size(), 4));
  CHECK(population->between < 0.15);
}

TEST_CASE("an offset is shrunk the more the fewer ratings tell it") {
  RatingTable table = offset_table(1, 1, 200);
  const std::vector<double> generic(table.photos.size(), 4);
  for (auto& rating : table.ratings) rating.value = 6;  // two above the generic prediction
  std::vector<std::uint32_t> support(100);
  for (std::uint32_t i = 0; i < 100; ++i) support[i] = i;
  const OffsetPopulation population{0, 1, 1};
  // Posterior mean of a normal mean with known variances: 2 n / (n + 1).
  CHECK(estimate_offset(table, population, generic, std::span(support).first(1)).offset == Approx(1));
  CHECK(estimate_offset(table, population, generic, std::span(support).first(9)).offset == Approx(1.8));
  CHECK(estimate_offset(table, population, generic, {}).offset == 0);
  CHECK(estimate_offset(table, population, generic, {}).spread == Approx(std::sqrt(2)));
  CHECK(estimate_offset(table, population, generic, support).spread == Approx(std::sqrt(1 + 1.0 / 101)));
}
