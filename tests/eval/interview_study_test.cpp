// Interviews with people whose tastes are known: what counts as found, and that a study credits only what was found.

#include "paa/eval/interview_study.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/random.h"
#include "planted_table.h"

using namespace paa;
using namespace paa::eval;

namespace {

const TasteVocabulary& vocabulary() { return TasteVocabulary::standard(); }

Taste taste_of(std::initializer_list<std::pair<const char*, double>> items) {
  Taste taste;
  for (const auto& [key, weight] : items) taste.items.push_back({*vocabulary().find(key), weight});
  return taste;
}

// Understands nothing.
class Deaf : public AnswerReader {
 public:
  std::string id() const override { return "deaf"; }
  std::vector<Preference> read(const Turn&, const std::string&, const Cancel*) override { return {}; }
};

InterviewState interviewed(SimulatedPerson& person) {
  Deaf deaf;
  return hold_interview(person, Guide::standard("en"), deaf, {}, 1);
}

// Photos that differ in light and colour, rated by six test people.
struct Set {
  RatingTable table = planted_table();
  TraitTable traits;

  Set() {
    Random random(3);
    std::vector<PhotoFacts> facts(table.photos.size());
    std::vector<std::size_t> reference;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      for (auto& value : facts[i].statistics.values) value = random.uniform();
      if (table.photos[i].split == Split::kTrain) reference.push_back(i);
    }
    traits = TraitTable::build(vocabulary(), {}, facts, reference);
  }
};

// Knows what phrases mean.
std::vector<float> digits_for(const Set& set, const std::vector<Concept>& concepts) {
  std::vector<float> digits;
  for (std::size_t photo = 0; photo < set.table.photos.size(); ++photo) {
    for (const auto& subject : concepts) {
      float value = 0;
      for (std::size_t t = 0; t < vocabulary().traits.size(); ++t) {
        const auto names = [&](const std::vector<std::string>& phrases) {
          return std::any_of(phrases.begin(), phrases.end(), [&](const auto& phrase) { return same_subject(phrase, subject.name); });
        };
        if (names(vocabulary().traits[t].phrases)) value += set.traits.row(photo)[t];
        if (names(vocabulary().traits[t].opposite_phrases)) value -= set.traits.row(photo)[t];
      }
      digits.push_back(5.1F + 1.3F * value);
    }
  }
  return digits;
}

InterviewReport study(const Set& set, AnswerReader& reader, std::uint64_t seed = 0) {
  Population population;
  population.score_mean = 4;
  population.slope = 1;
  population.groups = {{kConceptsGroup, 0.5, {0}, {1}}};
  FeatureRows rows{2, {}};
  for (std::size_t i = 0; i < set.table.photos.size(); ++i) rows.append(std::vector<float>{4 + 0.1F * static_cast<float>(i % 7), 0.1F * static_cast<float>(i % 5)});
  InterviewStudyOptions options;
  options.people = 6;
  options.k = {0, 5};
  options.draws = 2;
  options.seed = seed;
  const auto scorer = [](std::span<const Profile>, std::span<const ProfilePhoto> pairs) {
    std::vector<Score> scores(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) scores[i].mean = 4 + 0.01 * (pairs[i].photo % 3);
    return scores;
  };
  return run_interview_study(set.table, set.traits,
                             {reader, Guide::standard("en"), population, rows,
                              [&](const auto& concepts) { return digits_for(set, concepts); }, scorer},
                             options);
}

}  // namespace

TEST_CASE("Asked for long enough, a simulated person tells each taste, in whatever manner") {
  for (const Manner manner : {Manner::kPlain, Manner::kTerse, Manner::kContradictory, Manner::kOffTopic}) {
    SimulatedPerson person(taste_of({{"dogs", 1}, {"brightness", -0.5}, {"colourfulness", 1}}), vocabulary(), manner, 5);
    const InterviewState state = interviewed(person);
    std::set<std::size_t> told;
    for (const auto& said : person.said()) {
      told.insert(said.item);
      CHECK(state.find(said.turn)->answer.find(said.phrase.substr(1)) != std::string::npos);
    }
    CHECK(told.size() == 3);
    SimulatedPerson again(taste_of({{"dogs", 1}, {"brightness", -0.5}, {"colourfulness", 1}}), vocabulary(), manner, 5);
    CHECK(interviewed(again).turns == state.turns);
  }
}

TEST_CASE("What was said counts as found, what was not said does not") {
  SimulatedPerson person(taste_of({{"dogs", 1}, {"sea", -1}, {"warmth", 0.5}}), vocabulary(), Manner::kPlain, 9);
  interviewed(person);
  auto preferences = perfect_preferences(person);
  FoundTastes found = compare(person, preferences);
  CHECK(found.planted == 3);
  CHECK(found.found == 3);
  CHECK(found.right == found.preferences);
  for (auto& preference : preferences) {
    preference.polarity = preference.polarity == Polarity::kLike ? Polarity::kDislike : Polarity::kLike;
  }
  found = compare(person, preferences);
  CHECK(found.found == 0);
  CHECK(found.right == 0);
  CHECK(compare(person, {}).preferences == 0);
  auto elsewhere = perfect_preferences(person);
  for (auto& preference : elsewhere) preference.turn += 100;
  CHECK(compare(person, elsewhere).right == 0);
}

TEST_CASE("A reader that hears nothing gains nothing; perfect reading gains with a rater that knows") {
  const Set set;
  Deaf deaf;
  const InterviewReport report = study(set, deaf);
  CHECK(report.interviews.size() == 6);
  CHECK(report.recall.mean == 0);
  REQUIRE(report.rows.size() == 6);
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(report.rows[1].people[k] == report.rows[0].people[k]);  // no concept was heard
    CHECK(report.rows[2].people[k] == report.rows[0].people[k]);
    CHECK(report.rows[5].gain[k].low > 0);
  }
  CHECK(interview_study_to_json(study(set, deaf)).dump() == interview_study_to_json(report).dump());
  CHECK(interview_study_text(report).find("5 ratings known") != std::string::npos);
  CHECK(study(set, deaf, 1).rows[0].people != report.rows[0].people);
}

TEST_CASE("A study of rows that are not the table's is refused") {
  const Set set;
  Deaf deaf;
  RatingTable shorter = set.table;
  shorter.photos.pop_back();
  const auto rate = [](const auto&) { return std::vector<float>(); };
  CHECK_THROWS_AS(run_interview_study(shorter, set.traits, {deaf, Guide::standard("en"), {}, {1, std::vector<float>(50)}, rate, {}}), Error);
}
