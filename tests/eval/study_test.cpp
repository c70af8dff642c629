#include "paa/eval/study.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/dlllm/boosted_trees.h"
#include "paa/eval/study_methods.h"
#include "paa/train/fit_population.h"

using namespace paa;
using namespace paa::eval;

namespace {

constexpr std::size_t kFeatures = 6, kPhotos = 80, kPeople = 60;

// People weigh six features of photos, about as much as they differ in what is usual for them; the score knows what all
// share.
struct Planted {
  RatingTable table;
  FeatureLayout layout{{{"score", {"score"}}, {"seen", {"a", "b", "c", "d", "e", "f"}}}};
  FeatureRows rows{kFeatures + 1, {}};
};

Planted planted(unsigned seed = 1, bool bent = false) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Planted data;
  data.table.name = "planted";
  const auto split = [](std::size_t i) {
    return i % 5 == 0 ? Split::kTest : i % 5 == 1 ? Split::kValidation : Split::kTrain;
  };
  std::vector<float> shared;
  for (std::size_t i = 0; i < kPhotos; ++i) {
    data.table.photos.push_back({std::to_string(i), {}, {}, {}, split(i)});
    shared.push_back(normal(random));
    data.rows.values.push_back(4 + shared.back());
    for (std::size_t j = 0; j < kFeatures; ++j) data.rows.values.push_back(normal(random));
  }
  for (std::uint32_t person = 0; person < kPeople; ++person) {
    data.table.people.push_back({std::to_string(person), {}, split(person)});
    const float offset = 0.7f * normal(random);
    std::vector<float> weights;
    for (std::size_t j = 0; j < kFeatures; ++j) weights.push_back(0.4f * normal(random));
    for (std::uint32_t photo = 0; photo < kPhotos; ++photo) {
      float value = 4 + 0.5f * shared[photo] + offset + 0.5f * normal(random);
      for (std::size_t j = 0; j < kFeatures; ++j) {
        const float seen = data.rows.row(photo)[j + 1];
        value += weights[j] * (bent ? seen * seen - 1 : seen);
      }
      data.table.ratings.push_back({person, photo, std::clamp(value, 1.0f, 7.0f)});
    }
  }
  data.table.retests = {{0, 0, 4, 5}, {0, 1, 3, 3}, {1, 0, 2, 1}};
  return data;
}

StudyOptions quick(std::vector<int> k = {0, 5, 20}) {
  StudyOptions options;
  options.k = std::move(k);
  options.draws = 2;
  options.resamples = 200;
  return options;
}

Population quick_population(const Planted& data) {
  FitPopulationOptions options;
  options.iterations = 15;
  return fit_population(data.table, data.layout, data.rows, options);
}

std::vector<StudyMethod> methods(const Planted& data) {
  std::vector<double> generic;
  for (std::size_t i = 0; i < data.rows.rows(); ++i) generic.push_back(static_cast<double>(data.rows.row(i)[0]));
  return {constant_method("mean", data.table), generic_method("generic", generic),
          fusion_method("fusion", quick_population(data), data.rows)};
}

struct File {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("paa-study-" + std::to_string(getpid()));
  ~File() { std::filesystem::remove(path); }
};

std::string lines_of(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count; ++i) end = text.find('\n', end) + 1;
  return text.substr(0, end);
}

}  // namespace

TEST_CASE("The population of planted people has their scales", "[study]") {
  const Planted data = planted();
  const Population population = quick_population(data);
  CHECK(population.offset_scale == Approx(0.7).epsilon(0.3));
  CHECK(population.noise == Approx(0.5).epsilon(0.15));
  CHECK(population.groups.front().scale == Approx(0.4 * std::sqrt(6.0)).epsilon(0.25));
}

TEST_CASE("The population looks at no test person and no test photo", "[study]") {
  const Planted data = planted();
  RatingTable changed = data.table;
  for (auto& rating : changed.ratings) {
    const bool test =
        changed.people[rating.person].split == Split::kTest || changed.photos[rating.photo].split == Split::kTest;
    if (test) rating.value = 1;
  }
  CHECK(quick_population({changed, data.layout, data.rows}) == quick_population(data));
}

TEST_CASE("A population needs people, photos and a score", "[study]") {
  const Planted data = planted();
  RatingTable few = data.table;
  std::erase_if(few.ratings, [](const Rating& rating) { return rating.person > 8; });
  CHECK_THROWS_AS(fit_population(few, data.layout, data.rows), Error);
  CHECK_THROWS_AS(fit_population(data.table, data.layout, FeatureRows{kFeatures + 1, {}}), Error);
  FitPopulationOptions unknown;
  unknown.groups = {"smell"};
  CHECK_THROWS_AS(fit_population(data.table, data.layout, data.rows, unknown), Error);
}

TEST_CASE("What learns gets better with more ratings, and its intervals hold", "[study]") {
  const Planted data = planted();
  const auto report = run_study(data.table, methods(data), quick());
  CHECK(report.people.size() == kPeople / 5);
  const auto mae = [&](int k) { return (*report.find("fusion", k))[Metric::kMae].mean; };
  CHECK(mae(5) < mae(0));
  CHECK(mae(20) < mae(5) - 0.05);
  CHECK((*report.find("fusion", 20))[Metric::kSrocc].mean > (*report.find("generic", 0))[Metric::kSrocc].mean + 0.1);
  CHECK((*report.find("fusion", 20))[Metric::kCoverage80].mean == Approx(0.8).margin(0.08));
  CHECK(std::isnan((*report.find("mean", 0))[Metric::kSrocc].mean));
  CHECK(report.find("generic", 5) == nullptr);
  CHECK((*report.find("fusion", 0))[Metric::kSrocc].mean ==
        Approx((*report.find("generic", 0))[Metric::kSrocc].mean).margin(0.02));
}

TEST_CASE("Where tastes are bent, the population says so and the Gaussian process learns more", "[study]") {
  const Planted straight = planted(), bent = planted(1, true);
  const Population population = quick_population(bent);
  CHECK(population.gaussian_process.scale > 0.2);
  CHECK(quick_population(straight).gaussian_process.scale < population.gaussian_process.scale);
  std::vector<StudyMethod> learning = {fusion_method("fusion", population, bent.rows),
                                       gaussian_process_method("process", population, bent.rows)};
  if (BoostedTrees::available()) learning.push_back(boosted_trees_method("trees", population, bent.rows));
  const auto report = run_study(bent.table, learning, quick({0, 40}));
  const auto mae = [&](const char* name, int k) { return (*report.find(name, k))[Metric::kMae].mean; };
  CHECK(mae("process", 40) < mae("fusion", 40) - 0.03);
  CHECK(mae("process", 0) == Approx(mae("fusion", 0)).margin(1e-6));
  for (const auto& method : learning) {
    CHECK(mae(method.name.c_str(), 40) < mae(method.name.c_str(), 0));
    CHECK((*report.find(method.name, 40))[Metric::kCoverage80].mean == Approx(0.8).margin(0.1));
  }
}

TEST_CASE("The noise of a retest is half the squared difference", "[study]") {
  const Planted data = planted();
  const auto report = run_study(data.table, std::vector{constant_method("mean", data.table)}, quick());
  CHECK(*report.noise == Approx(std::sqrt((1.0 + 0 + 1) / 3 / 2)));
  CHECK(report.corrected_rmse(*report.noise) == 0);
  CHECK(report.corrected_rmse(1) == Approx(std::sqrt(1 - *report.noise * *report.noise)));
}

TEST_CASE("Errors by level are those of the ratings of that level", "[study]") {
  const Planted data = planted();
  const auto truth =
      std::vector{fusion_method("fusion", quick_population(data), data.rows)};
  const auto row = run_study(data.table, truth, quick({0})).rows.front();
  REQUIRE(row.mae_by_level.size() == 7);
  CHECK(row.mae_by_level[3] < row.mae_by_level[0]);
  CHECK(row.mae_by_level[3] < row.mae_by_level[6]);
}

TEST_CASE("Interrupted anywhere, a study goes on to the same end", "[study]") {
  const Planted data = planted();
  const auto all = methods(data);
  const std::string whole = to_text(study_to_json(run_study(data.table, all, quick())));
  const File log;
  StudyOptions options = quick();
  options.log = log.path;
  CHECK(to_text(study_to_json(run_study(data.table, all, options))) == whole);
  const std::string noted = read_text_file(log.path, 1 << 24);
  for (const std::size_t lines : {0u, 1u, 5u, 40u}) {
    write_file(log.path, lines_of(noted, lines) + "{\"method\": \"fus");
    CHECK(to_text(study_to_json(run_study(data.table, all, options))) == whole);
  }
  SECTION("what is noted is not done again") {
    const StudyMethod never{"fusion", [](auto, auto, auto) -> Predictions { throw std::runtime_error("asked again"); },
                            true, true};
    const std::vector<StudyMethod> same = {all[0], all[1], never};
    CHECK(to_text(study_to_json(run_study(data.table, same, options))) == whole);
    options.seed = 3;
    CHECK_THROWS_AS(run_study(data.table, same, options), std::runtime_error);
  }
  SECTION("a cancel keeps what is done") {
    std::filesystem::remove(log.path);
    Cancel cancel;
    options.cancel = &cancel;
    options.progress = [&](std::size_t done, std::size_t) {
      if (done == 20) cancel.request();
    };
    CHECK_THROWS_AS(run_study(data.table, all, options), Error);
    cancel.reset();
    options.progress = {};
    CHECK(to_text(study_to_json(run_study(data.table, all, options))) == whole);
  }
}

TEST_CASE("A fine-tuned head begins with everybody's and learns the person", "[study]") {
  const Planted data = planted();
  FeatureRows features{kFeatures + 1, data.rows.values};
  const auto report = run_study(data.table, std::vector{fine_tuned_method("head", data.table, features)}, quick());
  CHECK((*report.find("head", 20))[Metric::kMae].mean < (*report.find("head", 0))[Metric::kMae].mean);
  CHECK((*report.find("head", 0))[Metric::kSrocc].mean > 0.2);
}

TEST_CASE("The nearest other person is the one with the nearest profile", "[study]") {
  RatingTable table;
  table.photos = {{"p", {}, {}, {}, Split::kTest}};
  const auto person = [](const char* gender, int age, Split split) {
    RatedPerson one;
    one.profile.gender = gender;
    one.profile.age = age;
    one.split = split;
    return one;
  };
  table.people = {person("female", 30, Split::kTest), person("male", 30, Split::kTrain),
                  person("female", 60, Split::kTrain), person("female", 33, Split::kTrain)};
  table.ratings = {{1, 0, 1}, {2, 0, 2}, {3, 0, 6}};
  const std::vector<std::uint32_t> photos = {0};
  CHECK(nearest_person_method("near", table).predict(0, {}, photos).mean == std::vector<double>{6});
  CHECK(people_method("all", table).predict(0, {}, photos).mean == std::vector<double>{3});
}

TEST_CASE("A method is asked with the supports and draws that it wants", "[study]") {
  const Planted data = planted();
  std::vector<StudyMethod> all = methods(data);
  std::vector<std::size_t> sizes;
  StudyMethod limited{"limited", {}, true, true, 5, 1};
  limited.predict = [&](std::uint32_t, std::span<const Rating> support, std::span<const std::uint32_t> photos) {
    sizes.push_back(support.size());
    return Predictions{std::vector<double>(photos.size(), 4), {}};
  };
  all.push_back(limited);
  StudyOptions options = quick();
  options.compared = {{"fusion", "limited"}, {"fusion", "generic"}};
  const auto report = run_study(data.table, all, options);
  const std::size_t people = kPeople / 5;
  CHECK(std::count(sizes.begin(), sizes.end(), 0u) == static_cast<long>(people));
  CHECK(std::count(sizes.begin(), sizes.end(), 5u) == static_cast<long>(people));
  CHECK(sizes.size() == 2 * people);
  CHECK(report.find("limited", 20) == nullptr);
  std::vector<std::pair<std::string, int>> compared;
  for (const auto& one : report.differences) compared.emplace_back(one.minus, one.k);
  CHECK(compared == std::vector<std::pair<std::string, int>>{
                        {"limited", 0}, {"limited", 5}, {"generic", 0}, {"generic", 5}, {"generic", 20}});
}

TEST_CASE("Asked-for ratings are of the draw's pool, each once, and all of it in the end", "[study]") {
  const Planted data = planted();
  const Population population = quick_population(data);
  const StudyMethod asking = asking_method("asking", population, data.rows);
  std::vector<Rating> pool;
  for (const auto& rating : data.table.ratings) {
    if (rating.person == 0 && rating.photo % 5 != 0 && pool.size() < 20) pool.push_back(rating);
  }
  const std::vector<std::uint32_t> photos = {0, 5, 10};
  const auto five = asking.choose(pool, photos, 5), all = asking.choose(pool, photos, 20);
  CHECK(five == std::vector<std::size_t>(all.begin(), all.begin() + 5));
  std::vector<std::size_t> sorted = all;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) CHECK(sorted[i] == i);
  for (auto& rating : pool) rating.value = 7;
  CHECK(asking.choose(pool, photos, 20) == all);
}
