#include "paa/eval/steering.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/random.h"
#include "taste_sentence.h"

using namespace paa;
using namespace paa::eval;

namespace {

// 40 photos, the second half to test with: animals, woods (a held-out trait) and other scenes, in all sorts of light.
struct Set {
  RatingTable table;
  TraitTable traits;
};

Set sample_set() {
  Set set;
  set.table.name = "sample";
  Random random(1);
  std::vector<PhotoFacts> facts(40);
  std::vector<std::size_t> reference;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const char* category = i % 3 == 0 ? "Animal" : "Scene";
    const char* theme = i % 3 == 1 ? "Woods" : "";
    set.table.photos.push_back({fmt::format("i{}", i), "i.jpg", category, theme, i < 20 ? Split::kTrain : Split::kTest});
    facts[i].category = category;
    facts[i].theme = theme;
    for (auto& value : facts[i].statistics.values) value = random.uniform();
    if (i < 20) reference.push_back(i);
  }
  set.traits = TraitTable::build(TasteVocabulary::standard(), {}, facts, reference);
  return set;
}

// Moves a photo by `gain` times what the text says, as far as it is said in wordings of `use`.
ProfileScorer listener(const Set& set, double gain, WordingUse use = WordingUse::kAny) {
  return [&set, gain, use](std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs) {
    const auto& vocabulary = TasteVocabulary::standard();
    std::vector<Taste> heard(profiles.size());
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      for (std::size_t t = 0; t < vocabulary.traits.size(); ++t) {
        if (!profiles[i].about || !set.traits.present(t)) continue;
        const double weight = spoken_weight(*profiles[i].about, vocabulary.traits[t], vocabulary, use);
        if (weight != 0) heard[i].items.push_back({t, weight});
      }
    }
    std::vector<Score> scores;
    for (const auto& pair : pairs) {
      Score score;
      score.mean = 2 + 0.1 * (pair.photo % 7) + gain * taste_shift(heard[pair.profile], set.traits.row(pair.photo));
      scores.push_back(score);
    }
    return scores;
  };
}

}  // namespace

TEST_CASE("who does as the text says follows it in every kind, and who does the reverse in none") {
  const Set set = sample_set();
  const auto obeyed = evaluate_steering(set.table, set.traits, listener(set, 0.5));
  const auto reversed = evaluate_steering(set.table, set.traits, listener(set, -0.5));
  REQUIRE(obeyed.rows.size() == 4);
  CHECK(obeyed.photos == 20);
  for (const auto& row : obeyed.rows) {
    INFO(row.name);
    CHECK(row.texts.size() == 40);
    // The listener misses what is said of two things in one sentence.
    CHECK(row.right > 0.85);
    CHECK(row.plcc.low > 0.8);
    CHECK(row.srocc.low > 0.7);
    CHECK(row.slope.mean == Approx(0.5).margin(0.1));
    CHECK(row.slope.high < 0.55);
    CHECK(row.distance.low > 0.1);
  }
  for (const auto& row : reversed.rows) {
    CHECK(row.right == 0);
    CHECK(row.plcc.high < -0.8);
  }
  REQUIRE(obeyed.categories.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& category = obeyed.categories[i];
    CHECK(category.liked > category.without);
    CHECK(category.without > category.disliked);
    CHECK(reversed.categories[i].liked < reversed.categories[i].disliked);
  }
}

TEST_CASE("who knows only the wordings of training shows it in the held-out rows") {
  const Set set = sample_set();
  const auto report = evaluate_steering(set.table, set.traits, listener(set, 1, WordingUse::kTraining));
  for (const auto& row : report.rows) {
    INFO(row.name);
    if (row.wordings == WordingUse::kTraining) CHECK(row.right > 0.85);
    if (row.wordings == WordingUse::kHeldOut) CHECK(row.right < 0.3);
  }
}

TEST_CASE("who does not listen has no correlation, no slope and no right direction") {
  const Set set = sample_set();
  const auto report = evaluate_steering(set.table, set.traits, listener(set, 0));
  for (const auto& row : report.rows) {
    CHECK(row.right == 0);
    CHECK(row.slope.mean == 0);
    CHECK(row.distance.mean == 0);
    CHECK(row.plcc.people == 0);
    CHECK(std::isnan(row.plcc.mean));
  }
  for (const auto& category : report.categories) CHECK(category.liked == category.without);
  CHECK(steering_to_json(report)["rows"][0]["plcc"]["mean"].is_null());
}

TEST_CASE("slopes are in points of the set's scale, so that an obedient model has the same slope on every scale") {
  Set set = sample_set();
  const auto on_seven = evaluate_steering(set.table, set.traits, listener(set, 1));
  set.table.scale = {0, 12, 1};  // twice as many points
  const auto on_twelve = evaluate_steering(set.table, set.traits, listener(set, 2));
  CHECK(on_twelve.rows[0].slope.mean == Approx(on_seven.rows[0].slope.mean));
  CHECK(on_twelve.rows[0].distance.mean == Approx(2 * on_seven.rows[0].distance.mean));
}

TEST_CASE("only test photos are asked about, and nothing is said but the text") {
  const Set set = sample_set();
  evaluate_steering(set.table, set.traits, [&](std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs) {
    CHECK(pairs.size() == profiles.size() * 20);
    for (const auto& pair : pairs) CHECK(set.table.photos[pair.photo].split == Split::kTest);
    for (Profile profile : profiles) {
      profile.about.reset();
      CHECK(profile_to_json(profile) == Json::object());
    }
    return listener(set, 1)(profiles, pairs);
  });
}

TEST_CASE("a category's figures are what its own texts do") {
  const Set set = sample_set();
  // Each photo moves by the text's length for animals, and not at all for others.
  const auto report = evaluate_steering(set.table, set.traits, [&](auto profiles, auto pairs) {
    std::vector<Score> scores(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto& about = profiles[pairs[i].profile].about;
      if (about && pairs[i].photo % 3 == 0) scores[i].mean = static_cast<double>(about->size());
    }
    return scores;
  });
  const auto& animals = report.categories.front();
  CHECK(animals.trait == "animals");
  CHECK(animals.photos == 7);  // 21, 24 ... 39
  REQUIRE(animals.likes.size() == kCategoryTexts);
  double length = 0;
  for (const auto& text : animals.likes) length += static_cast<double>(text.size()) / kCategoryTexts;
  CHECK(animals.without == 0);
  CHECK(animals.liked == Approx(length));
}

TEST_CASE("the seed alone decides the texts, and a row's texts begin alike however many there are") {
  const Set set = sample_set();
  const auto texts = [&](std::uint64_t seed, int count) {
    std::vector<std::string> all;
    const SteeringOptions options{seed, count, 100};
    const auto report = evaluate_steering(set.table, set.traits, listener(set, 1), options);
    for (const auto& text : report.rows[2].texts) all.push_back(text.text);
    return all;
  };
  const auto ten = texts(1, 10), five = texts(1, 5);
  CHECK(std::vector(ten.begin(), ten.begin() + 5) == five);
  CHECK(texts(2, 10) != ten);
}

TEST_CASE("steering that cannot be measured is refused with the reason") {
  Set set = sample_set();
  const auto scorer = listener(set, 1);
  CHECK_THROWS_AS(evaluate_steering(set.table, set.traits, scorer, {0, 0, 100}), Error);
  CHECK_THROWS_AS(evaluate_steering(set.table, TraitTable(), scorer), Error);
  RatingTable untested = set.table;
  for (auto& photo : untested.photos) photo.split = Split::kTrain;
  CHECK_THROWS_WITH(evaluate_steering(untested, set.traits, scorer), Catch::Matchers::Contains("there are 0"));
}
