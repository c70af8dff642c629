#include "paa/taste/taste.h"

#include <cmath>
#include <map>
#include <set>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/person/profile.h"
#include "photos.h"

using paa::Random;
using paa::Taste;
using paa::TasteVocabulary;
using paa::TasteWording;
using paa::TraitUse;
using paa::WordingUse;

namespace {

const TasteVocabulary& standard() { return TasteVocabulary::standard(); }

std::string lower_first(std::string text) {
  text[0] = static_cast<char>(std::tolower(text[0]));
  return text;
}

/// A reader of texts of one item that knows nothing of how they are made: looks for the one wording and phrase that the
/// text can be put together from.
struct Reading {
  const TasteWording* wording = nullptr;
  std::size_t trait = 0;
  bool opposite = false;
  int found = 0;
};

Reading read(const std::string& text) {
  Reading reading;
  for (const TasteWording& wording : standard().wordings) {
    const auto at = wording.text.find('{');
    const std::string head = wording.text.substr(0, at), tail = wording.text.substr(at + 3);
    if (text.size() <= head.size() + tail.size() || !text.starts_with(head) || !text.ends_with(tail)) continue;
    std::string phrase = text.substr(at, text.size() - head.size() - tail.size());
    for (std::size_t t = 0; t < standard().traits.size(); ++t) {
      const auto& trait = standard().traits[t];
      for (const auto* phrases : {&trait.phrases, &trait.opposite_phrases}) {
        for (const std::string& known : *phrases) {
          if (lower_first(known) != lower_first(phrase)) continue;
          reading = {&wording, t, phrases == &trait.opposite_phrases, reading.found + 1};
        }
      }
    }
  }
  return reading;
}

bool is_held_out(const TasteWording& wording) { return wording.held_out; }

}  // namespace

TEST_CASE("a text says the trait, the direction and the strength it was made from, in wordings of its use") {
  Random random(3);
  std::set<std::string> texts;
  for (std::size_t trait = 0; trait < standard().traits.size(); ++trait) {
    for (const double weight : {-1.0, -0.5, 0.3, 0.75}) {
      for (const auto use : {WordingUse::kTraining, WordingUse::kHeldOut}) {
        for (int repeat = 0; repeat < 10; ++repeat) {
          const std::string text = paa::taste_text({{{trait, weight}}}, standard(), random, use);
          const Reading reading = read(text);
          INFO(text);
          REQUIRE(reading.found == 1);
          CHECK(reading.trait == trait);
          CHECK((reading.wording->like != reading.opposite) == (weight > 0));
          CHECK(reading.wording->strong == (std::abs(weight) >= paa::kStrongTaste));
          CHECK(is_held_out(*reading.wording) == (use == WordingUse::kHeldOut));
          texts.insert(text);
        }
      }
    }
  }
  CHECK(texts.size() > 1500);
}

TEST_CASE("disliking the dark and liking the light are one taste") {
  const std::size_t brightness = *standard().find("brightness");
  Random random(5);
  std::map<std::pair<bool, bool>, int> said;
  for (int i = 0; i < 200; ++i) {
    const Reading reading = read(paa::taste_text({{{brightness, 1}}}, standard(), random, WordingUse::kAny));
    ++said[{reading.wording->like, reading.opposite}];
  }
  REQUIRE(said.size() == 2);
  CHECK(said[{true, false}] > 60);
  CHECK(said[{false, true}] > 60);
}

TEST_CASE("drawn tastes keep to their traits, say 1 to 3 different things, and read as a profile") {
  const auto table = table_without_classes(300);
  for (const auto use : {TraitUse::kTraining, TraitUse::kHeldOut, TraitUse::kAny}) {
    Random random(7);
    std::map<std::size_t, int> sizes;
    int liked = 0, items = 0;
    for (int i = 0; i < 600; ++i) {
      const Taste taste = paa::draw_taste(standard(), table, use, random);
      ++sizes[taste.items.size()];
      std::set<std::string> families;
      for (const auto& item : taste.items) {
        CHECK(table.present(item.trait));
        if (use != TraitUse::kAny) CHECK(standard().traits[item.trait].held_out == (use == TraitUse::kHeldOut));
        CHECK(families.insert(standard().traits[item.trait].family).second);
        CHECK((std::abs(item.weight) == 1 || std::abs(item.weight) == 0.5));
        liked += item.weight > 0;
        ++items;
      }
      paa::Profile profile;
      profile.about = paa::taste_text(taste, standard(), random, WordingUse::kAny);
      CHECK_NOTHROW(paa::check_profile(profile, "a drawn taste"));
      CHECK(profile.about->size() < 400);
      CHECK(profile.about->find_first_of("{}") == std::string::npos);
    }
    CHECK(std::abs(liked - items / 2) < items / 10);
    for (const auto& [size, count] : sizes) CHECK((size >= 1 && size <= 3 && count > 0));
    CHECK(sizes.size() >= 2);
  }
}

TEST_CASE("the same random state gives the same taste and text, another gives others") {
  const auto table = table_without_classes(100);
  std::set<std::string> texts;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random one(seed), two(seed);
    const Taste taste = paa::draw_taste(standard(), table, TraitUse::kTraining, one);
    CHECK(taste == paa::draw_taste(standard(), table, TraitUse::kTraining, two));
    const std::string text = paa::taste_text(taste, standard(), one);
    CHECK(text == paa::taste_text(taste, standard(), two));
    texts.insert(text);
  }
  CHECK(texts.size() > 45);
}

TEST_CASE("items of one direction and strength may share a wording") {
  const Taste taste{{{*standard().find("animals"), -0.5}, {*standard().find("food"), -0.5}}};
  bool joined = false, apart = false;
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    const std::string text = paa::taste_text(taste, standard(), random);
    const bool two = text.find(". ") != text.npos || text.find(", ") != text.npos;
    (two ? apart : joined) = true;
    if (!two) CHECK((text.find(" or ") != text.npos || text.find(" and ") != text.npos));
  }
  CHECK(joined);
  CHECK(apart);
}

TEST_CASE("nothing to say is an empty text, and what cannot be said is refused") {
  Random random(1);
  CHECK(paa::taste_text({}, standard(), random).empty());
  const std::size_t beyond = standard().traits.size();
  CHECK_THROWS_WITH(paa::taste_text({{{beyond, 1}}}, standard(), random), Catch::Contains("item 0 of a taste is about trait"));
  for (const double weight : {0.0, 1.5, -2.0, std::nan("")}) {
    CHECK_THROWS_WITH(paa::taste_text({{{0, 1}, {1, weight}}}, standard(), random),
                      Catch::Contains("item 1 of a taste has the weight"));
  }
  CHECK_THROWS_WITH(paa::taste_text({{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}}, standard(), random),
                    "a taste has 5 items, more than the 4 a text speaks of");
}

TEST_CASE("a taste moves ratings towards what is liked, in proportion and within its limit") {
  const std::vector<float> row = {1, -2, 0.5F};
  CHECK(paa::taste_shift({}, row) == 0);
  CHECK(paa::taste_shift({{{0, 1}}}, row) == Approx(0.75));
  CHECK(paa::taste_shift({{{0, -0.5}}}, row) == Approx(-0.375));
  CHECK(paa::taste_shift({{{1, 1}}}, row) == Approx(-1.5));
  CHECK(paa::taste_shift({{{0, 1}, {2, -1}}}, row) == Approx(0.375));
  CHECK(paa::taste_shift({{{0, 1}, {1, -1}}}, row) == 2);
  CHECK(paa::taste_shift({{{1, 1}}}, row, {2, 0.5}) == -0.5);
  CHECK_THROWS_AS(paa::taste_shift({{{3, 1}}}, row), paa::Error);
}

TEST_CASE("no taste is drawn from photos that differ in nothing") {
  Photos photos(10);
  for (auto& photo : photos.facts()) photo = {};
  const auto table = paa::TraitTable::build(standard(), {}, photos.facts(), photos.all());
  Random random(1);
  CHECK_THROWS_WITH(paa::draw_taste(standard(), table, TraitUse::kAny, random), Catch::Contains("no trait to draw"));
  CHECK_THROWS_WITH(paa::draw_taste({}, table, TraitUse::kAny, random), Catch::Contains("build the table from this"));
}
