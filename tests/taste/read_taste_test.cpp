#include "paa/taste/read_taste.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "catch.h"
#include "paa/core/error.h"
#include "photos.h"

using paa::Random;
using paa::Taste;
using paa::TasteEvidence;
using paa::TasteVocabulary;
using paa::TraitTable;

namespace {

const TasteVocabulary& standard() { return TasteVocabulary::standard(); }

/// Residuals of a person with this taste, who rates the table's first photos with normal noise.
std::vector<TasteEvidence> rated(const TraitTable& table, const Taste& taste, std::size_t count, double noise, Random& random) {
  std::vector<TasteEvidence> ratings;
  for (std::size_t i = 0; i < count; ++i) {
    ratings.push_back({0.7 + paa::taste_shift(taste, table.row(i)) + noise * random.normal(), table.row(i)});
  }
  return ratings;
}

/// How well the shifts of two tastes agree (PLCC) over the photos from `first` on; 0 if one of them shifts nothing.
double correlation_beyond(std::size_t first, const TraitTable& table, const Taste& one, const Taste& two) {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = first; i < table.photo_count(); ++i) {
    const double a = paa::taste_shift(one, table.row(i)), b = paa::taste_shift(two, table.row(i));
    n += 1, x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
  }
  const double square = (n * xx - x * x) * (n * yy - y * y);
  return square > 0 ? (n * xy - x * y) / std::sqrt(square) : 0;
}

}  // namespace

TEST_CASE("planted tastes are read off noisy ratings and hold for other photos, the more ratings the surer") {
  Random random(11);
  std::map<std::size_t, double> agreement;
  constexpr int kPeople = 100;
  for (int person = 0; person < kPeople; ++person) {
    const auto table = table_without_classes(300, 100 + static_cast<std::uint64_t>(person));
    const Taste taste = paa::draw_taste(standard(), table, paa::TraitUse::kAny, random);
    for (const std::size_t count : {std::size_t{10}, std::size_t{25}, std::size_t{100}}) {
      const Taste found = paa::read_taste(rated(table, taste, count, 1.2, random), standard());
      agreement[count] += correlation_beyond(100, table, taste, found) / kPeople;
    }
  }
  INFO(agreement[10] << " " << agreement[25] << " " << agreement[100]);
  CHECK(agreement[10] > 0.2);
  CHECK(agreement[25] > agreement[10] + 0.1);
  CHECK(agreement[100] > agreement[25] + 0.1);
  CHECK(agreement[100] > 0.7);
}

TEST_CASE("opposite residuals give the opposite taste") {
  const auto table = table_without_classes(60);
  Random random(2);
  auto ratings = rated(table, {{{*standard().find("warmth"), 1}}}, 60, 1, random);
  const Taste taste = paa::read_taste(ratings, standard());
  for (auto& rating : ratings) rating.residual = 3 - rating.residual;
  const Taste opposite = paa::read_taste(ratings, standard());
  REQUIRE_FALSE(taste.items.empty());
  REQUIRE(opposite.items.size() == taste.items.size());
  for (std::size_t i = 0; i < taste.items.size(); ++i) {
    CHECK(opposite.items[i].trait == taste.items[i].trait);
    CHECK(opposite.items[i].weight == Approx(-taste.items[i].weight));
  }
}

TEST_CASE("what is read can be said, and keeps its limits") {
  const auto table = table_without_classes(100);
  for (const std::size_t count : {std::size_t{10}, std::size_t{25}, std::size_t{50}, std::size_t{100}}) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      Random random(seed);
      const auto ratings = rated(table, {}, count, 1.5, random);
      paa::TasteReading reading;
      reading.max_items = seed % 4 + 1;
      const Taste taste = paa::read_taste(ratings, standard(), reading);
      CHECK(taste.items.size() <= reading.max_items);
      CHECK_NOTHROW(paa::taste_text(taste, standard(), random));
      reading.threshold = 100;
      CHECK(paa::read_taste(ratings, standard(), reading).items.empty());
    }
  }
}

TEST_CASE("few ratings or ratings all alike say nothing and do no harm") {
  const auto table = table_without_classes(50);
  CHECK(paa::read_taste({}, standard()).items.empty());
  const TasteEvidence one{3, table.row(0)};
  CHECK(paa::read_taste({&one, 1}, standard()).items.empty());
  std::vector<TasteEvidence> alike, one_photo;
  for (std::size_t i = 0; i < 50; ++i) {
    alike.push_back({-1.25, table.row(i)});
    one_photo.push_back({static_cast<double>(i), table.row(0)});
  }
  CHECK(paa::read_taste(alike, standard()).items.empty());
  CHECK(paa::read_taste(one_photo, standard(), {0, 0, 3, 1}).items.empty());
}

TEST_CASE("evidence that cannot be read is refused") {
  const auto table = table_without_classes(5);
  const std::vector<float> narrow = {1, 2};
  std::vector<TasteEvidence> ratings = {{1, table.row(0)}, {1, narrow}};
  CHECK_THROWS_WITH(paa::read_taste(ratings, standard()), Catch::Contains("rating 1 has values of 2 traits"));
  ratings[1] = {std::numeric_limits<double>::quiet_NaN(), table.row(1)};
  CHECK_THROWS_WITH(paa::read_taste(ratings, standard()), "rating 1 holds a number that is not finite");
  ratings[1].residual = 1;
  CHECK_THROWS_AS(paa::read_taste(ratings, standard(), {-1, 0, 3, 1}), paa::Error);
  CHECK_THROWS_AS(paa::read_taste(ratings, standard(), {1, 0, 5, 1}), paa::Error);
  CHECK_THROWS_AS(paa::read_taste(ratings, standard(), {1, 0, 3, 0}), paa::Error);
}
