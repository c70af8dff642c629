// Traits made of a vision encoder's class names.

#include <cmath>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/taste/taste.h"
#include "photos.h"

using paa::TasteVocabulary;
using paa::TraitKind;
using paa::TraitTable;

namespace {

// Some with two names, as the list of ImageNet has them.
const std::vector<std::string> kNames = {"tabby, tabby cat", "ox", "butterfly", "ostrich", "abacus", "jay", "sea star"};

TasteVocabulary without_groups() {
  TasteVocabulary vocabulary = TasteVocabulary::standard();
  std::erase_if(vocabulary.traits, [](const auto& trait) { return trait.kind == TraitKind::kClassGroup; });
  return vocabulary;
}

}  // namespace

TEST_CASE("each class is a trait that is spoken of in the plural, by each of its names") {
  const TasteVocabulary before = without_groups(), all = paa::with_classes(before, kNames);
  REQUIRE(all.traits.size() == before.traits.size() + kNames.size());
  const auto phrases = [&](std::size_t i) { return all.traits[before.traits.size() + i].phrases; };
  CHECK((phrases(0) == std::vector<std::string>{"tabbies", "pictures of tabbies", "photos of tabbies", "photos of a tabby",
                                                "tabby cats", "pictures of tabby cats", "photos of tabby cats",
                                                "photos of a tabby cat"}));
  CHECK(phrases(1).front() == "oxes");
  CHECK(phrases(1).back() == "photos of an ox");
  CHECK(phrases(2).front() == "butterflies");
  CHECK(phrases(3).front() == "ostriches");
  CHECK(phrases(5).front() == "jays");
  CHECK(all.wordings.size() == before.wordings.size());
}

TEST_CASE("every seventh class is held out, and so are the classes of held-out groups") {
  TasteVocabulary vocabulary = without_groups();
  vocabulary.traits.push_back({"birds", TraitKind::kClassGroup, "birds", true, {}, {{"jay", "jay"}}, {}, 1, {"birds"}, {}});
  const TasteVocabulary all = paa::with_classes(vocabulary, kNames);
  std::vector<std::string> held_out;
  for (const auto& trait : all.traits) {
    if (trait.kind == TraitKind::kClass && trait.held_out) held_out.push_back(kNames[trait.class_index]);
  }
  CHECK((held_out == std::vector<std::string>{"tabby, tabby cat", "jay"}));
}

TEST_CASE("without class names nothing is added") {
  CHECK(paa::with_classes(without_groups(), {}).traits.size() == without_groups().traits.size());
}

TEST_CASE("a photo's value of a class is its log probability against the mean class") {
  TasteVocabulary vocabulary;
  paa::TasteTrait trait{"b", TraitKind::kClass, "b", false, {}, {}, {}, 1, {"bs"}, {}};
  trait.class_index = 1;
  vocabulary.traits = {trait};
  Photos photos(200);
  const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f"};
  const auto table = TraitTable::build(vocabulary, names, photos.facts(), photos.all());
  REQUIRE(table.present(0));
  const auto raw = [&](std::size_t i) {
    double sum = 0;
    for (const float p : photos.facts()[i].class_probabilities) sum += std::log(static_cast<double>(p));
    return std::log(static_cast<double>(photos.facts()[i].class_probabilities[1])) - sum / 6;
  };
  for (std::size_t i = 1; i < 200; ++i) {
    if (std::abs(raw(i) - raw(i - 1)) < 0.05 || std::abs(table.row(i)[0]) > 2.9 || std::abs(table.row(i - 1)[0]) > 2.9) continue;
    CHECK((table.row(i)[0] > table.row(i - 1)[0]) == (raw(i) > raw(i - 1)));
  }
}

TEST_CASE("drawn tastes speak of single classes about as often as of everything else") {
  const TasteVocabulary all = paa::with_classes(without_groups(), kNames);
  Photos photos(200);
  auto facts = photos.facts();
  std::vector<std::vector<float>> probabilities;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    std::vector<float> p(kNames.size(), 0.05F);
    p[i % kNames.size()] = 0.7F;
    probabilities.push_back(std::move(p));
  }
  for (std::size_t i = 0; i < facts.size(); ++i) facts[i].class_probabilities = probabilities[i];
  const auto table = TraitTable::build(all, kNames, facts, photos.all());
  paa::Random random(3);
  int classes = 0, others = 0;
  for (int i = 0; i < 2000; ++i) {
    for (const auto& item : paa::draw_taste(all, table, paa::TraitUse::kTraining, random).items) {
      const auto& trait = all.traits[item.trait];
      CHECK_FALSE(trait.held_out);
      ++(trait.kind == TraitKind::kClass ? classes : others);
    }
  }
  CHECK(classes > 0.4 * (classes + others));
  CHECK(classes < 0.6 * (classes + others));
}
