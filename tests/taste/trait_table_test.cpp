#include "paa/taste/trait_table.h"

#include <cmath>

#include "catch.h"
#include "paa/core/error.h"
#include "photos.h"

using paa::PhotoFacts;
using paa::TasteTrait;
using paa::TasteVocabulary;
using paa::TraitKind;
using paa::TraitTable;

namespace {

const std::vector<std::string> kNames = {"a", "b", "c", "d", "e", "f"};

TasteVocabulary three() {
  TasteVocabulary vocabulary;
  TasteTrait cats{"cats", TraitKind::kCategory, "cats", false, {"dog", "SNOW"}, {}, {}, 1, {"cats"}, {}};
  TasteTrait group{"group", TraitKind::kClassGroup, "group", false, {}, {{"b", "c"}}, {}, 1, {"groups"}, {}};
  TasteTrait dark{"dark", TraitKind::kStatistic, "dark", false, {}, {}, paa::ImageStatistic::kBrightness, -1, {"dark"}, {}};
  vocabulary.traits = {cats, group, dark};
  return vocabulary;
}

double mean(const TraitTable& table, std::size_t trait, std::size_t power = 1) {
  double sum = 0;
  for (std::size_t i = 0; i < table.photo_count(); ++i) sum += std::pow(table.row(i)[trait], power);
  return sum / static_cast<double>(table.photo_count());
}

}  // namespace

TEST_CASE("over the reference photos each trait has mean 0 and deviation 1, in the right order") {
  Photos photos(500);
  const auto table = TraitTable::build(three(), kNames, photos.facts(), photos.all());
  REQUIRE(table.photo_count() == 500);
  REQUIRE(table.trait_count() == 3);
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK(table.present(t));
    CHECK(mean(table, t) == Approx(0).margin(0.01));
    CHECK(mean(table, t, 2) == Approx(1).margin(0.02));
  }
  for (std::size_t i = 1; i < 500; ++i) {
    const PhotoFacts& one = photos.facts()[i - 1];
    const PhotoFacts& two = photos.facts()[i];
    const bool has = two.theme == "Dog" || two.theme == "Snow";
    CHECK((table.row(i)[0] > 0) == has);
    const auto group = [](const PhotoFacts& p) { return p.class_probabilities[1] + p.class_probabilities[2]; };
    if (std::abs(group(one) - group(two)) > 0.01) {
      CHECK((table.row(i)[1] > table.row(i - 1)[1]) == (group(two) > group(one)));
    }
    CHECK((table.row(i)[2] < table.row(i - 1)[2]) ==
          (two.statistics[paa::ImageStatistic::kBrightness] > one.statistics[paa::ImageStatistic::kBrightness]));
  }
}

TEST_CASE("photos outside the reference do not move the values of those inside") {
  Photos photos(60);
  const std::vector<std::size_t> reference(photos.all().begin(), photos.all().begin() + 40);
  const auto before = TraitTable::build(three(), kNames, photos.facts(), reference);
  photos.facts()[50].statistics[paa::ImageStatistic::kBrightness] = 1000;
  const auto after = TraitTable::build(three(), kNames, photos.facts(), reference);
  for (std::size_t i = 0; i < 40; ++i) CHECK(std::ranges::equal(before.row(i), after.row(i)));
  CHECK(after.row(50)[2] == -paa::kMaxTraitValue);
}

TEST_CASE("a trait that says nothing on the reference photos is absent and 0") {
  Photos photos(30);
  for (auto& photo : photos.facts()) {
    photo.category = photo.theme = "";
    photo.class_probabilities = {};
  }
  const auto table = TraitTable::build(three(), {}, photos.facts(), photos.all());
  CHECK_FALSE(table.present(0));
  CHECK_FALSE(table.present(1));
  CHECK(table.present(2));
  REQUIRE(table.absences().size() == 2);
  CHECK(table.absences()[0] == "cats: all or none of the reference photos have a category or theme of its names");
  CHECK(table.absences()[1] == "group: the reference photos have no class probabilities that differ");
  for (std::size_t i = 0; i < 30; ++i) CHECK((table.row(i)[0] == 0 && table.row(i)[1] == 0));
}

TEST_CASE("a photo without probabilities has the mean photo's value of class groups") {
  Photos photos(30);
  photos.facts()[7].class_probabilities = {};
  const auto table = TraitTable::build(three(), kNames, photos.facts(), photos.all());
  CHECK(table.present(1));
  CHECK(table.row(7)[1] == 0);
  CHECK(table.row(8)[1] != 0);
}

TEST_CASE("tables that make no sense are refused") {
  Photos photos(5);
  const std::vector<std::size_t> none, beyond = {1, 5};
  CHECK_THROWS_WITH(TraitTable::build(three(), kNames, photos.facts(), none), "a table of traits needs reference photos");
  CHECK_THROWS_WITH(TraitTable::build(three(), kNames, photos.facts(), beyond),
                    "reference photo 5 does not exist: there are 5 photos");
  CHECK_THROWS_WITH(TraitTable::build(three(), {"a", "b", "c"}, photos.facts(), photos.all()),
                    "photo 0 has 6 class probabilities, but there are 3 class names; take both from one model");
  CHECK_THROWS_AS(TraitTable::build(three(), {"a", "x", "c", "d", "e", "f"}, photos.facts(), photos.all()), paa::Error);
}
