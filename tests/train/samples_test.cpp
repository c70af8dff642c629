// What a training step learns from, and that it is of training people and training photos only.

#include "samples.h"

#include <cmath>
#include <numeric>
#include <set>

#include "catch.h"
#include "core/refusal.h"
#include "eval/planted_table.h"

using paa::LevelTarget;
using paa::Random;
using paa::RatingTable;
using paa::Split;
using paa::TrainingRatings;
using paa::TrainingSample;

namespace {

LevelTarget spread_of(double rating, paa::RatingScale scale = {}) {
  LevelTarget target{};
  paa::add_rating(target, rating, scale, 1);
  return target;
}

double mass(const LevelTarget& target) { return std::accumulate(target.begin(), target.end(), 0.0); }

double expected(const LevelTarget& target, paa::RatingScale scale = {}) {
  double level = 0;
  for (std::size_t i = 0; i < target.size(); ++i) level += target[i] * static_cast<double>(i);
  return scale.low + level / 4 * (scale.high - scale.low);
}

// Every rating by a person or of a photo that is not for training becomes absurd.
RatingTable with_absurd_tests(RatingTable table) {
  for (paa::Rating& rating : table.ratings) {
    const bool training = table.people[rating.person].split == Split::kTrain && table.photos[rating.photo].split == Split::kTrain;
    if (!training) rating.value = rating.value < 4 ? 7 : 1;
  }
  for (paa::RatedPerson& person : table.people) {
    if (person.split != Split::kTrain) person.profile.education = "of the test";
  }
  return table;
}

bool same(const TrainingSample& a, const TrainingSample& b) { return a.text == b.text && a.photo == b.photo && a.target == b.target; }

paa::SampleMix mix_of(const TrainingRatings& ratings, paa::Texts& texts, double generic, double demographics) {
  paa::SampleMix mix;
  mix.add(generic, paa::generic_samples(ratings, 5));
  mix.add(demographics, paa::demographic_samples(ratings, {}, texts));
  return mix;
}

}  // namespace

TEST_CASE("a rating lies between two levels and keeps its mean and its weight") {
  CHECK((spread_of(1) == LevelTarget{1, 0, 0, 0, 0}));
  CHECK((spread_of(7) == LevelTarget{0, 0, 0, 0, 1}));
  CHECK((spread_of(4) == LevelTarget{0, 0, 1, 0, 0}));
  CHECK((spread_of(1.75) == LevelTarget{0.5, 0.5, 0, 0, 0}));
  for (double rating = 1; rating <= 7; rating += 0.125) {
    CAPTURE(rating);
    CHECK(mass(spread_of(rating)) == Approx(1));
    CHECK(expected(spread_of(rating)) == Approx(rating));
  }
  const paa::RatingScale percent{0, 100, 0};
  CHECK(expected(spread_of(62.5, percent), percent) == Approx(62.5));
  CHECK(spread_of(-3) == spread_of(1));
  CHECK(spread_of(70) == spread_of(7));
}

TEST_CASE("a photo's target is the distribution of the training people's ratings, shifted on request") {
  const RatingTable table = planted_table();
  const TrainingRatings ratings(table);
  REQUIRE(ratings.photos().size() == 30);
  for (const std::uint32_t photo : {0U, 7U, 29U}) {
    double sum = 0;
    int count = 0;
    for (const paa::Rating& rating : table.ratings) {
      if (rating.photo == photo && rating.person < 12) sum += rating.value, ++count;
    }
    REQUIRE(count == 12);
    CHECK(ratings.mean(photo) == Approx(sum / count));
    CHECK(mass(ratings.target(photo, 0)) == Approx(1));
    CHECK(expected(ratings.target(photo, 0)) == Approx(sum / count));
    CHECK(expected(ratings.target(photo, 0.5)) > expected(ratings.target(photo, 0)));
    CHECK((ratings.target(photo, 100) == LevelTarget{0, 0, 0, 0, ratings.target(photo, 100)[4]}));
  }
}

TEST_CASE("only training people and training photos are ever looked at") {
  const RatingTable table = planted_table(), absurd = with_absurd_tests(table);
  const TrainingRatings ratings(table), others(absurd);
  CHECK(ratings.photos() == others.photos());
  paa::Texts texts("anyone."), other_texts("anyone.");
  const paa::SampleMix mix = mix_of(ratings, texts, 1, 1), other = mix_of(others, other_texts, 1, 1);
  CHECK(texts.all() == other_texts.all());
  for (std::uint64_t step = 0; step < 40; ++step) {
    Random random(1, step), again(1, step);
    const auto samples = mix.draw(step, 8, random), same_samples = other.draw(step, 8, again);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      CHECK(same(samples[i], same_samples[i]));
      CHECK(table.photos[samples[i].photo].split == Split::kTrain);
    }
  }
  for (std::uint32_t person = 12; person < table.people.size(); ++person) CHECK(ratings.of_person(person).empty());
  for (std::uint32_t photo = 30; photo < table.photos.size(); ++photo) CHECK(ratings.of_photo(photo).empty());
}

TEST_CASE("a set without training ratings is refused") {
  RatingTable table = planted_table();
  for (paa::RatedPerson& person : table.people) person.split = Split::kTest;
  const Refusal refused = refusal([&] { const TrainingRatings ratings(table); });
  CHECK(refused.code == paa::ErrorCode::kInvalidArgument);
  CHECK_THAT(refused.message, Catch::Contains("planted"));
}

TEST_CASE("generic samples show every training photo once a pass, in another order each time") {
  const RatingTable table = planted_table();
  const TrainingRatings ratings(table);
  const auto source = paa::generic_samples(ratings, 5);
  Random random(1);
  std::vector<std::vector<std::uint32_t>> passes;
  for (std::uint64_t pass = 0; pass < 3; ++pass) {
    std::vector<std::uint32_t> photos;
    for (std::uint64_t i = 0; i < 30; ++i) {
      const TrainingSample sample = source->draw(pass * 30 + i, random);
      CHECK(sample.text == 0);
      CHECK(sample.target == ratings.target(sample.photo, 0));
      photos.push_back(sample.photo);
    }
    CHECK(std::set<std::uint32_t>(photos.begin(), photos.end()).size() == 30);
    passes.push_back(photos);
  }
  CHECK(passes[0] != passes[1]);
  CHECK(passes[1] != passes[2]);
  CHECK(source->draw(4, random).photo == passes[0][4]);  // an earlier pass again, as after taking up a training
  CHECK(paa::generic_samples(ratings, 6)->draw(0, random).photo + 100 * paa::generic_samples(ratings, 6)->draw(1, random).photo !=
        passes[0][0] + 100 * passes[0][1]);
}

TEST_CASE("demographic samples are the mean of the people who share a text, each text and photo equally often") {
  RatingTable table = planted_table();
  for (paa::RatedPerson& person : table.people) person.profile.age = person.profile.gender == "female" ? 30 : 50;
  table.people[2].profile = {};  // a training woman of whom nothing is known: no sample is about her
  const TrainingRatings ratings(table);
  paa::Texts texts("anyone.");
  const auto source = paa::demographic_samples(ratings, {}, texts);
  REQUIRE(texts.all().size() == 3);
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> drawn;
  Random random(3);
  constexpr int kDraws = 12000;
  for (int i = 0; i < kDraws; ++i) {
    const TrainingSample sample = source->draw(0, random);
    if (++drawn[{sample.text, sample.photo}] > 1) continue;
    LevelTarget wanted{};
    const bool women = texts.all()[sample.text].find("woman") != std::string::npos;
    for (const std::uint32_t row : ratings.of_photo(sample.photo)) {
      const std::uint32_t person = table.ratings[row].person;
      if (person == 2 || (person % 2 == 0) != women) continue;
      paa::add_rating(wanted, table.ratings[row].value, table.scale, women ? 1.0F / 5 : 1.0F / 6);
    }
    for (std::size_t level = 0; level < 5; ++level) CHECK(sample.target[level] == Approx(wanted[level]).margin(1e-6));
  }
  REQUIRE(drawn.size() == 60);
  for (const auto& [cell, count] : drawn) {
    CHECK(cell.first != 0);
    CHECK(std::abs(count - kDraws / 60) < 6 * std::sqrt(kDraws / 60));
  }
}

TEST_CASE("without any profile there are no demographic samples") {
  RatingTable table = planted_table();
  for (paa::RatedPerson& person : table.people) person.profile = {};
  const TrainingRatings ratings(table);
  paa::Texts texts("anyone.");
  CHECK(refusal([&] { paa::demographic_samples(ratings, {}, texts); }).code == paa::ErrorCode::kInvalidArgument);
}

TEST_CASE("kinds of samples have their shares of every step") {
  const RatingTable table = planted_table();
  const TrainingRatings ratings(table);
  const std::tuple<double, double, std::size_t, std::size_t> cases[] = {{1, 1, 16, 8}, {1, 3, 16, 4}, {30, 10, 8, 6}, {1, 2, 7, 2}};
  for (const auto& [generic, demographics, count, wanted] : cases) {
    paa::Texts texts("anyone.");
    const paa::SampleMix mix = mix_of(ratings, texts, generic, demographics);
    for (std::uint64_t step = 0; step < 5; ++step) {
      Random random(1, step);
      const auto samples = mix.draw(step, count, random);
      REQUIRE(samples.size() == count);
      CHECK(std::count_if(samples.begin(), samples.end(), [](const auto& s) { return s.text == 0; }) == static_cast<long>(wanted));
    }
  }
}

TEST_CASE("a step's samples depend on the seed and the step's number only") {
  const RatingTable table = planted_table();
  const TrainingRatings ratings(table);
  paa::Texts texts("anyone."), again("anyone.");
  const paa::SampleMix one = mix_of(ratings, texts, 1, 1), other = mix_of(ratings, again, 1, 1);
  for (std::uint64_t step = 0; step < 9; ++step) {
    Random random(1, step);
    one.draw(step, 8, random);
  }
  Random first(1, 9), second(1, 9), other_step(1, 10);
  const auto late = one.draw(9, 8, first), direct = other.draw(9, 8, second), next = other.draw(10, 8, other_step);
  REQUIRE(late.size() == direct.size());
  std::size_t equal = 0;
  for (std::size_t i = 0; i < late.size(); ++i) {
    CHECK(same(late[i], direct[i]));
    equal += same(late[i], next[i]);
  }
  CHECK(equal < late.size());
}

TEST_CASE("texts are kept once, the generic one first") {
  paa::Texts texts("anyone.");
  CHECK(texts.add("a woman.") == 1);
  CHECK(texts.add("anyone.") == 0);
  CHECK(texts.add("a man.") == 2);
  CHECK(texts.add("a woman.") == 1);
  CHECK((texts.all() == std::vector<std::string>{"anyone.", "a woman.", "a man."}));
}
