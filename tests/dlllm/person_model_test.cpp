#include "paa/dlllm/person_model.h"

#include "catch.h"
#include "golden_population.h"
#include "paa/core/error.h"
#include "paa/dlllm/reasons.h"
#include "paa/image/statistics.h"

using paa::FeatureIds;
using paa::FeatureRows;
using paa::Person;
using paa::PersonModel;
using paa::Verdict;
using paa::VerdictKind;

namespace {

const FeatureIds kIds = {"rows", ""};

std::string hash_of(std::size_t photo) {
  std::string hash = std::to_string(100 + photo);
  return hash + std::string(64 - hash.size(), 'b');
}

// Knows all photos of the golden rows.
Person person(double scale_low, double scale_high) {
  Person person;
  person.scale_low = scale_low;
  person.scale_high = scale_high;
  const FeatureRows rows = golden_rows();
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    person.photos[hash_of(i)].features["rows"] = {rows.row(i).begin(), rows.row(i).end()};
  }
  return person;
}

Verdict stars(std::size_t photo, double value, std::int64_t time = 0) {
  return {VerdictKind::kStars, hash_of(photo), {}, value, time};
}

}  // namespace

TEST_CASE("Predictions are on the person's own scale", "[person_model]") {
  Person seven = person(1, 7), hundred = person(0, 100);
  seven.verdicts = {stars(0, 7), stars(3, 4)};
  hundred.verdicts = {stars(0, 100), stars(3, 50)};
  const auto a = PersonModel(seven, golden_population(), kIds).predict(golden_rows());
  const auto b = PersonModel(hundred, golden_population(), kIds).predict(golden_rows());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK((a[i].score.mean - 1) / 6 * 100 == Approx(b[i].score.mean));
    CHECK(a[i].score.spread / 6 * 100 == Approx(b[i].score.spread));
  }
}

TEST_CASE("Only what holds now is learned from", "[person_model]") {
  Person changed = person(1, 7), plain = person(1, 7);
  changed.verdicts = {stars(0, 1, 1), stars(0, 6, 2)};
  plain.verdicts = {stars(0, 6, 2)};
  const PersonModel model(changed, golden_population(), kIds);
  CHECK(model.fusion().observations() == 1);
  CHECK(model.fusion().means(golden_rows()) ==
        PersonModel(plain, golden_population(), kIds).fusion().means(golden_rows()));
}

TEST_CASE("Photos that were never looked at are named and do not count", "[person_model]") {
  Person some = person(1, 7);
  some.photos[hash_of(0)].features.clear();
  some.photos.erase(hash_of(1));
  some.verdicts = {stars(0, 6), stars(2, 5), {VerdictKind::kPreference, hash_of(3), hash_of(1), 0, 0}};
  const PersonModel model(some, golden_population(), kIds);
  CHECK(model.unseen() == std::vector<std::string>{hash_of(0), hash_of(1)});
  CHECK(model.fusion().observations() == 1);
}

TEST_CASE("The score with the profile takes the place of the one without", "[person_model]") {
  Person described = person(1, 7);
  const FeatureIds ids = {"rows", "profile"};
  described.verdicts = {stars(0, 6)};
  CHECK(PersonModel(described, golden_population(), ids).unseen().size() == 1);
  described.photos[hash_of(0)].features["profile"] = {6};
  CHECK(PersonModel(described, golden_population(), ids).unseen().empty());
  CHECK(paa::personal_row({3, 1, 2}, {6}) == std::vector<float>{6, 1, 2});
  CHECK(paa::personal_row({3, 1, 2}, {}) == std::vector<float>{3, 1, 2});
}

TEST_CASE("Features of another width are refused", "[person_model]") {
  Person wrong = person(1, 7);
  wrong.verdicts = {stars(0, 6)};
  wrong.photos[hash_of(0)].features["rows"].pop_back();
  CHECK_THROWS_AS(PersonModel(wrong, golden_population(), kIds), paa::Error);
}

TEST_CASE("Reasons of a photo's composition are in words", "[reasons]") {
  paa::Population population = golden_population();
  population.groups[1].name = "composition";
  const paa::FeatureLayout layout = {
      {{"score", {"score"}}, {"pooled", {"p0", "p1", "p2"}}, {"composition", {"symmetry", "background blur"}}}};
  paa::FeatureFusion fusion(population);
  const paa::FeatureRows rows = golden_rows();
  const std::vector<paa::Observation> stars = {{VerdictKind::kStars, 0, 0, 7}, {VerdictKind::kStars, 3, 3, 1}};
  fusion.fit(rows, stars);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto explanation = fusion.explain(rows.row(i));
    const auto reasons = paa::reasons_of(explanation, layout, {}, {.most = 2, .least_points = 0});
    for (const auto& [column, low, high] : {std::tuple{0, "sides that differ", "symmetrical"},
                                            {1, "background as sharp as the middle", "out-of-focus background"}}) {
      const auto& part = explanation.parts[explanation.parts.size() - 2 + static_cast<std::size_t>(column)];
      const std::string text = part.value > 0 ? high : low;
      const auto told = std::find_if(reasons.reasons.begin(), reasons.reasons.end(),
                                     [&](const auto& reason) { return reason.text == text; });
      REQUIRE(told != reasons.reasons.end());
      CHECK(told->points == part.points);
    }
  }
}

TEST_CASE("Reasons sum to the prediction, are in words and stand in order", "[reasons]") {
  Person someone = person(1, 7);
  someone.verdicts = {stars(0, 7), stars(3, 1), stars(5, 6), stars(7, 2)};
  const PersonModel model(someone, golden_population(), kIds);
  const paa::FeatureLayout layout = {
      {{"score", {"score"}}, {"pooled", {"p0", "p1", "p2"}}, {"statistics", {"brightness", "warmth"}}}};
  const FeatureRows rows = golden_rows();
  bool told = false;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto reasons = paa::reasons_of(model.explain(rows.row(i)), layout, {}, {.most = 1, .least_points = 0.01});
    double sum = reasons.usual;
    for (const auto& reason : reasons.reasons) {
      sum += reason.points;
      told |= reason.text == "bright" || reason.text == "dark" || reason.text == "warm colours" ||
              reason.text == "cool colours";
      CHECK(reason.text.find("p0") == std::string::npos);
    }
    CHECK(sum == Approx(reasons.mean).margin(1e-9));
    CHECK(reasons.mean == Approx(model.explain(rows.row(i)).mean));
    CHECK(!paa::reasons_text(reasons).empty());
  }
  CHECK(told);
  CHECK_THROWS_AS(paa::reasons_of(model.explain(rows.row(0)), {{{"score", {"score"}}}}, {}), paa::Error);
}
