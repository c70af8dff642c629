// A taste that is planted into real ratings is learned from profiles, and only with the right ones.

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/temporary_folder.h"
#include "lite0_model.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/random.h"
#include "paa/core/sha256.h"
#include "paa/data/plant.h"
#include "paa/data/read_ratings.h"
#include "paa/eval/metrics.h"
#include "paa/image/decode.h"
#include "paa/image/statistics.h"
#include "paa/pmllm/pmllm.h"
#include "paa/train/train_fusion.h"
#include "torch_catch.h"

namespace fs = std::filesystem;
using paa::RatingTable;
using paa::Split;

namespace {

constexpr std::size_t kTrainPhotos = 240, kTestPhotos = 60;
constexpr double kPoints = 2;
constexpr int kOld = 35;

// The first photos of either split; ratings of all others are left out.
RatingTable reduced(const RatingTable& table) {
  RatingTable small = table;
  small.photos.clear();
  small.ratings.clear();
  std::vector<std::uint32_t> index(table.photos.size(), UINT32_MAX);
  std::size_t train = 0, test = 0;
  for (std::size_t i = 0; i < table.photos.size(); ++i) {
    const Split split = table.photos[i].split;
    const bool wanted = (split == Split::kTrain && train++ < kTrainPhotos) || (split == Split::kTest && test++ < kTestPhotos);
    if (!wanted) continue;
    index[i] = static_cast<std::uint32_t>(small.photos.size());
    small.photos.push_back(table.photos[i]);
  }
  for (paa::Rating rating : table.ratings) {
    if (index[rating.photo] == UINT32_MAX) continue;
    rating.photo = index[rating.photo];
    small.ratings.push_back(rating);
  }
  return small;
}

// +1 for the warmer half of the photos, -1 for the colder one.
std::vector<int> warm_signs(const RatingTable& table) {
  std::vector<double> warmth;
  for (const auto& photo : table.photos) {
    warmth.push_back(paa::image_statistics(paa::read_image(photo.file))[paa::ImageStatistic::kWarmth]);
  }
  std::vector<double> sorted = warmth;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  std::vector<int> signs;
  for (const double value : warmth) signs.push_back(value >= sorted[sorted.size() / 2] ? 1 : -1);
  return signs;
}

// Profiles say the age only, so that few distinct texts have to be learned.
void keep_ages(RatingTable& table) {
  for (auto& person : table.people) {
    paa::Profile age;
    age.age = person.profile.age;
    person.profile = age;
  }
}

std::vector<int> old_signs(const RatingTable& table) {
  std::vector<int> signs;
  for (const auto& person : table.people) signs.push_back(person.profile.age >= kOld ? 1 : -1);
  return signs;
}

paa::TrainingConfig config() {
  paa::TrainingConfig config;
  config.name = "planted";
  config.precision = paa::Precision::kF32;
  config.seed = 1;
  config.epochs = 12;  // 96 steps
  config.views = 2;
  config.samples = {0.25, 1, 0, 0};
  config.learning_rate.main = 2e-3;
  config.learning_rate.gate_profile = 1e-2;
  config.fusion = {{"gate", {{"granularity", "channel"}}}};
  return config;
}

struct TestPerson {
  std::uint32_t person;
  std::vector<std::uint32_t> photos;
  std::vector<double> ratings;
};

std::vector<TestPerson> test_people(const RatingTable& table) {
  std::vector<TestPerson> people;
  for (std::uint32_t person = 0; person < table.people.size(); ++person) {
    if (table.people[person].split == Split::kTest) people.push_back({person, {}, {}});
  }
  for (const paa::Rating& rating : table.ratings) {
    if (table.photos[rating.photo].split != Split::kTest) continue;
    for (TestPerson& person : people) {
      if (person.person != rating.person) continue;
      person.photos.push_back(rating.photo);
      person.ratings.push_back(rating.value);
    }
  }
  std::erase_if(people, [](const TestPerson& person) { return person.ratings.size() < 8; });
  return people;
}

// The mean over the people of SROCC with their own ratings; `profiles`: what the model is told of each.
double mean_srocc(const paa::Pmllm& model, const std::vector<paa::VisionTokens>& tokens, const std::vector<std::uint32_t>& place,
                  const std::vector<TestPerson>& people, const std::vector<paa::Profile>& profiles) {
  double sum = 0;
  std::map<std::string, std::vector<paa::Score>> scored;  // by text: many people share one
  for (std::size_t i = 0; i < people.size(); ++i) {
    std::vector<double> predicted;
    const auto prepared = model.prepare(profiles[i]);
    auto& scores = scored[prepared.text()];
    if (scores.empty()) scores = model.score(prepared, tokens);
    for (const std::uint32_t photo : people[i].photos) predicted.push_back(scores[place[photo]].mean);
    sum += paa::eval::srocc(people[i].ratings, predicted);
  }
  return sum / static_cast<double>(people.size());
}

}  // namespace

TEST_CASE("old people like warm photos and young ones cold: the model learns it and needs the right profiles", "[slow]") {
  const fs::path data = fs::path(PAA_SHARED_DATA) / "data/oasis", base = lite0_folder();
  if (!fs::exists(data) || !fs::exists(base / "model.json")) {
    WARN("skipped: the research data or the model are absent");
    return;
  }
  RatingTable table = reduced(paa::read_ratings(data, "oasis"));
  keep_ages(table);
  paa::plant(table, old_signs(table), warm_signs(table), kPoints);
  const TemporaryFolder folder;
  paa::TrainingOptions options;
  options.out = folder / "out";
  options.threads = 1;
  const paa::ModelFolder parts = paa::read_model_folder(base);
  const std::string llm_before = paa::sha256_file(parts.part("llm").path);
  const paa::TrainingResult result = paa::train_fusion(table, parts, config(), options);
  CHECK(result.steps == 96);
  CHECK(paa::sha256_file(paa::read_model_folder(result.model).part("llm").path) == llm_before);

  const paa::Pmllm model = paa::Pmllm::load(result.model, {paa::Precision::kF32});
  std::vector<paa::Image> photos;
  std::vector<std::uint32_t> place(table.photos.size());
  for (std::uint32_t i = 0; i < table.photos.size(); ++i) {
    if (table.photos[i].split != Split::kTest) continue;
    place[i] = static_cast<std::uint32_t>(photos.size());
    photos.push_back(paa::read_image(table.photos[i].file));
  }
  const auto tokens = model.encode(photos);
  const std::vector<TestPerson> people = test_people(table);
  REQUIRE(people.size() > 50);
  std::vector<paa::Profile> own, shuffled;
  for (const TestPerson& person : people) own.push_back(table.people[person.person].profile);
  for (const std::size_t i : paa::Random(4).permutation(own.size())) shuffled.push_back(own[i]);
  const double with_own = mean_srocc(model, tokens, place, people, own),
               with_shuffled = mean_srocc(model, tokens, place, people, shuffled),
               generic = mean_srocc(model, tokens, place, people, std::vector<paa::Profile>(own.size()));
  INFO("per-person SROCC: own profile " << with_own << ", shuffled " << with_shuffled << ", none " << generic);
  CHECK(with_own > with_shuffled + 0.1);
  CHECK(with_own > generic + 0.05);
  CHECK(with_shuffled < generic + 0.05);
}
