#include "paa/dlllm/measured_concept.h"

#include <string>
#include <vector>

#include "catch.h"
#include "paa/dlllm/concept_rater.h"
#include "paa/dlllm/subject_concept.h"

using namespace paa;

namespace {

std::string named(std::string_view words) {
  const auto found = statistic_named_by(words);
  return found ? found->feature + (found->direction > 0 ? " +" : " -") : "";
}

Concept about(std::vector<std::string> words) {
  Concept subject;
  subject.name = words.front();
  subject.high_words = std::move(words);
  subject.low_words = {"it"};
  subject.stated = 3;
  return subject;
}

// Deviations of 2 about a mean of 10.
Population population() {
  Population population;
  population.groups = {{"pooled", 1, {0, 0}, {1, 1}},
                       {"statistics", 1, std::vector<double>(6, 10), std::vector<double>(6, 2)},
                       {"concepts", 1, {4}, {1}}};
  return population;
}

}  // namespace

TEST_CASE("words for light, colour and composition name a statistic and its end") {
  CHECK(named("dark photos") == "brightness -");
  CHECK(named("Bright, sunny scenes") == "brightness +");
  CHECK(named("muted colours") == "saturation -");
  CHECK(named("quiet colors") == "saturation -");
  CHECK(named("bright colours") == "saturation +");
  CHECK(named("colourful pictures") == "colourfulness +");
  CHECK(named("warm light") == "warmth +");
  CHECK(named("soft light") == "contrast -");
  CHECK(named("contrast") == "contrast +");
  CHECK(named("low contrast") == "contrast -");
  CHECK(named("busy photos") == "detail +");
  CHECK(named("simple compositions") == "detail -");
  CHECK(named("blurred backgrounds") == "background blur +");
  CHECK(named("blurred photos") == "sharpness -");
  CHECK(named("symmetry") == "symmetry +");
  CHECK(named("tall pictures") == "format -");
  CHECK(named("shades of blue") == "blue +");
}

TEST_CASE("what is about a thing, or about two statistics, names none") {
  for (const char* words : {"dark churches", "old boats", "photos", "colours", "light", "", "warm dark photos", "red cars",
                            "blue skies", "my grandmother", "soft", "background"}) {
    CHECK(named(words).empty());
  }
}

TEST_CASE("a concept is measured by its column, spread like other concepts") {
  const auto measure = measure_of(about({"dark", "photos", "photo"}), population());
  REQUIRE(measure);
  CHECK(measure->column == 3);  // the score, two of pooled, then the first statistic
  std::vector<float> row = {4, 0, 0, 10, 10, 10, 10, 10, 10, 4};
  const double usual = measure->digit(row);
  row[3] = 8;
  CHECK(measure->digit(row) == Approx(usual + 1.3));  // a deviation darker
  row[3] = 1000;
  CHECK(measure->digit(row) == 0);
  row[3] = -1000;
  CHECK(measure->digit(row) == 9);
}

TEST_CASE("a population without the statistic, and other concepts, have no measure") {
  CHECK_FALSE(measure_of(about({"old", "boats", "boat"}), population()));
  CHECK_FALSE(measure_of(about({"symmetry"}), population()));
  CHECK_FALSE(measure_of(about({"dark", "photos"}), Population()));
}

TEST_CASE("more is expected of what is measured than of what a language model guesses") {
  const auto extended = with_own_concepts(population(), {about({"dark", "photos"}), about({"old", "boats"})});
  const auto& expected = extended.groups.back().expected;
  REQUIRE(expected.size() == 2);
  CHECK(expected[0] > expected[1]);
  CHECK(expected[1] > 0);
}

TEST_CASE("digits of subjects are spread as the rater that gives them spreads them") {
  Concept boats = about({"old", "boats"}), dark = about({"dark", "photos"});
  boats.low_words = dark.low_words = kNothingWords;
  Population anchors = population();
  anchors.rater = kAnchorsRater;
  const auto rated = with_own_concepts(anchors, {dark, boats, about({"old", "boats"})}).groups.back();
  CHECK(rated.mean[1] == kSubjectMean);
  CHECK(rated.deviation[1] == kSubjectDeviation);
  CHECK(rated.mean[0] != kSubjectMean);  // measured
  CHECK(rated.mean[2] == rated.mean[0]);  // with two ends
  anchors.rater = kChatRater;
  CHECK(with_own_concepts(anchors, {boats}).groups.back().mean[0] == rated.mean[0]);
}
