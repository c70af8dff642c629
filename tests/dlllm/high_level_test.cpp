#include "paa/dlllm/high_level.h"

#include <set>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/dlllm/standard_concepts.h"

TEST_CASE("Concepts that hardly vary over the photos looked at are found", "[high_level]") {
  // score, two concepts, another column; the last row is not looked at.
  const paa::FeatureRows rows{4, {1, 4.00F, 3, 9, 2, 4.05F, 5, 9, 3, 4.02F, 7, 9, 4, 9.00F, 3, 9}};
  const std::vector<std::size_t> three = {0, 1, 2}, all = {0, 1, 2, 3};
  CHECK(paa::constant_concepts(rows, three, 1, 2) == std::vector<std::size_t>{0});
  CHECK(paa::constant_concepts(rows, all, 1, 2).empty());
  CHECK(paa::constant_concepts(rows, all, 1, 3) == std::vector<std::size_t>{2});
  CHECK_THROWS_AS(paa::constant_concepts(rows, three, 2, 3), paa::Error);
  CHECK_THROWS_AS(paa::constant_concepts(rows, {}, 1, 2), paa::Error);
  CHECK_THROWS_AS(paa::constant_concepts(rows, std::vector<std::size_t>{4}, 1, 2), paa::Error);
}

TEST_CASE("The standard concepts are whole, distinct and begin with the published four", "[high_level]") {
  const auto& concepts = paa::standard_concepts();
  REQUIRE(concepts.size() == 10);
  std::set<std::string> names, words;
  for (const auto& subject : concepts) {
    CHECK_NOTHROW(paa::check_concept(subject, subject.name));
    CHECK(names.insert(subject.name).second);
    for (const auto* end : {&subject.low_words, &subject.high_words}) {
      CHECK_FALSE(end->empty());
      for (const auto& word : *end) CHECK(words.insert(word).second);
    }
  }
  CHECK(concepts[0].name == "concreteness");
  CHECK(concepts[1].name == "motion");
  CHECK(concepts[2].name == "temperature");
  CHECK(concepts[3].name == "valence");
}
