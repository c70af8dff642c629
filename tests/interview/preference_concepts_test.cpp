// From what was said to what photos are rated on.

#include "paa/interview/preference_concepts.h"

#include <set>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/person/spoken_profile.h"
#include "said.h"

using paa::Polarity;

TEST_CASE("Each subject becomes one concept, with its direction and evidence", "[preference_concepts]") {
  const std::vector<paa::Preference> preferences = {said(Polarity::kLike, "the old boats", 1), said(Polarity::kDislike, "crowds", 2),
                                                    said(Polarity::kLike, "boats", 3)};
  const auto concepts = paa::concepts_from(preferences);
  REQUIRE(concepts.size() == 2);
  CHECK(concepts[0].name == "old boats");
  CHECK(concepts[0].stated == Approx(3));
  CHECK(concepts[1].name == "crowds");
  CHECK(concepts[1].stated == Approx(-1.8));
  CHECK(paa::evidence_of(concepts[0], preferences) == std::vector<std::size_t>{0, 2});
  for (const auto& subject : concepts) paa::check_concept(subject, "concept");
}

TEST_CASE("Said both ways, a concept has no direction", "[preference_concepts]") {
  const auto concepts = paa::concepts_from({said(Polarity::kLike, "dogs", 1), said(Polarity::kDislike, "dogs", 2)});
  REQUIRE(concepts.size() == 1);
  CHECK(concepts[0].stated == Approx(0));
}

TEST_CASE("At most twelve come from an interview, at least eight are rated, all distinct", "[preference_concepts]") {
  paa::Person person;
  CHECK(paa::concepts_that_matter(person).size() == paa::kLeastConcepts);
  for (int i = 0; i < 30; ++i) {
    person.preferences.push_back(paa::preference_to_json(said(Polarity::kLike, "thing" + std::string(1, static_cast<char>('a' + i % 26)), i + 1)));
  }
  paa::add_concepts(person);
  CHECK(person.concepts.size() == paa::kMostInterviewConcepts);
  const auto all = paa::concepts_that_matter(person);
  std::set<std::string> names;
  for (const auto& subject : all) CHECK(names.insert(subject.name).second);
  person.concepts.resize(3);
  person.concepts[0].enabled = false;
  CHECK(paa::concepts_that_matter(person).size() == paa::kLeastConcepts);
}

TEST_CASE("What was said is told to the model in its words, strongest first, within bounds", "[preference_concepts]") {
  auto strong = said(Polarity::kDislike, "crowds", 2);
  strong.strength = 3;
  CHECK(paa::stated_tastes_text({said(Polarity::kLike, "dogs"), strong}) == "Dislikes crowds. Likes dogs.");
  CHECK(paa::stated_tastes_text({said(Polarity::kLike, "dogs"), said(Polarity::kLike, "boats")}, 14) == "Likes dogs.");
  paa::Person person;
  CHECK(paa::spoken_profile(person).empty());
  person.profile.about = "I paint.";
  person.preferences.push_back(paa::preference_to_json(said(Polarity::kLike, "dogs")));
  CHECK(paa::spoken_profile(person).about == "I paint. Likes dogs.");
}

TEST_CASE("A reworded concept keeps its name and what was said, and outlives the next interview", "[preference_concepts]") {
  paa::Person person;
  person.preferences = {paa::preference_to_json(said(Polarity::kLike, "boats", 1)),
                        paa::preference_to_json(said(Polarity::kDislike, "crowds", 2))};
  paa::add_concepts(person);
  paa::reword(person.concepts[0], "old wooden boats", "test");
  const paa::Concept reworded = person.concepts[0];
  CHECK(reworded.name == "boats");
  CHECK(reworded.question == "How much is this photo about old wooden boats?");
  CHECK(reworded.high_words == std::vector<std::string>{"old", "wooden", "boats", "boat"});
  CHECK(reworded.stated > 0);
  paa::add_concepts(person);
  CHECK(person.concepts[0] == reworded);
  person.preferences.clear();
  paa::add_concepts(person);  // nobody touched "crowds"
  CHECK(person.concepts == std::vector<paa::Concept>{reworded});
  for (const std::string& bad : {std::string(), std::string(5000, 'x'), std::string("a\x1b[2J")}) {
    CHECK_THROWS_AS(paa::reword(person.concepts[0], bad, "test"), paa::Error);
    CHECK(person.concepts[0] == reworded);
  }
}
