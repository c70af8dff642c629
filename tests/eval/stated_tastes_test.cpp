#include "paa/eval/stated_tastes.h"

#include <string>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/random.h"
#include "planted_table.h"
#include "taste_sentence.h"

using namespace paa;
using namespace paa::eval;

namespace {

// The odd photos, which women like and men do not, are of animals; the light, the same for an odd photo and
// the even one before it, says nothing of anybody's ratings.
TraitTable sample_traits(const RatingTable& table) {
  Random random(2);
  std::vector<PhotoFacts> facts(table.photos.size());
  std::vector<std::size_t> reference;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    facts[i].category = i % 2 == 1 ? "Animal" : "";
    if (i % 2 == 1) {
      facts[i].statistics = facts[i - 1].statistics;
    } else {
      for (auto& value : facts[i].statistics.values) value = random.uniform();
    }
    if (table.photos[i].split == Split::kTrain) reference.push_back(i);
  }
  return TraitTable::build(TasteVocabulary::standard(), {}, facts, reference);
}

std::vector<Rating> support_of(const RatingTable& table, std::uint32_t person, std::size_t count, Random& random) {
  std::vector<Rating> known, support;
  for (const auto& rating : table.ratings) {
    if (rating.person == person && table.photos[rating.photo].split != Split::kTest) known.push_back(rating);
  }
  for (const std::size_t i : random.permutation(known.size())) {
    if (support.size() < count) support.push_back(known[i]);
  }
  return support;
}

double weight_of(const std::string& text, const char* key) {
  const auto& vocabulary = TasteVocabulary::standard();
  return spoken_weight(text, vocabulary.traits[*vocabulary.find(key)], vocabulary, WordingUse::kHeldOut);
}

}  // namespace

TEST_CASE("what training people differ in is said of a support, and what they do not differ in is not") {
  const RatingTable table = planted_table();
  const auto reader = stated_tastes(table, sample_traits(table));
  Random random(3);
  int of_animals = 0, of_light = 0;
  for (std::uint32_t person = 13; person < 19; ++person) {
    for (int draw = 0; draw < 10; ++draw) {
      const Profile profile = reader(table, person, support_of(table, person, 12, random));
      CHECK(!profile.age);
      CHECK(!profile.gender);
      if (!profile.about) continue;
      const double weight = weight_of(*profile.about, "animals");
      INFO(*profile.about);
      if (weight != 0) CHECK((weight > 0) == (person % 2 == 0));
      of_animals += weight != 0;
      for (const char* light : {"brightness", "contrast", "colourfulness", "warmth", "detail"}) {
        of_light += weight_of(*profile.about, light) != 0;
      }
    }
  }
  CHECK(of_animals > 50);
  CHECK(of_light < 10);
}

TEST_CASE("the same support is read as the same text, whatever people say of test photos") {
  const RatingTable table = planted_table();
  RatingTable other = table;
  for (auto& rating : other.ratings) {
    const bool test_photo = other.photos[rating.photo].split == Split::kTest;
    if (test_photo || other.people[rating.person].split == Split::kTest) rating.value = 8 - rating.value;
  }
  Random random(4);
  const auto support = support_of(table, 14, 20, random);
  const auto about = [&](const RatingTable& known, std::uint64_t seed) {
    return stated_tastes(known, sample_traits(known), seed)(known, 14, support).about;
  };
  REQUIRE(about(table, 0).has_value());
  CHECK(about(table, 0) == about(other, 0));
  CHECK(about(table, 0) != about(table, 1));
}

TEST_CASE("without training people or a support nothing is said") {
  RatingTable table = planted_table();
  CHECK(!stated_tastes(table, sample_traits(table))(table, 14, {}).about);
  Random random(4);
  const auto support = support_of(table, 14, 20, random);
  const TraitTable traits = sample_traits(table);
  for (auto& person : table.people) person.split = Split::kTest;
  CHECK(!stated_tastes(table, traits)(table, 14, support).about);
}

TEST_CASE("traits of other photos are refused") {
  RatingTable table = planted_table();
  const TraitTable traits = sample_traits(table);
  table.photos.emplace_back();
  CHECK_THROWS_AS(stated_tastes(table, traits), Error);
}
