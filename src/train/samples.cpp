#include "samples.h"

#include <algorithm>
#include <cmath>

#include "paa/core/error.h"

namespace paa {
namespace {

class GenericSamples final : public SampleSource {
 public:
  GenericSamples(const TrainingRatings& ratings, std::uint64_t seed) : ratings_(ratings), seed_(seed) {}

  TrainingSample draw(std::uint64_t index, Random&) const override {
    const std::uint64_t count = ratings_.photos().size();
    const std::uint32_t photo = ratings_.photos()[order(index / count)[index % count]];
    return {0, photo, ratings_.target(photo, 0)};
  }

 private:
  // Draws come in sequence, so one pass is kept.
  std::vector<std::size_t>& order(std::uint64_t pass) const {
    if (order_.empty() || pass != pass_)
      order_ = Random(seed_, kOrderStream + pass).permutation(ratings_.photos().size());
    pass_ = pass;
    return order_;
  }

  static constexpr std::uint64_t kOrderStream = std::uint64_t{1} << 40;

  const TrainingRatings& ratings_;
  std::uint64_t seed_;
  mutable std::uint64_t pass_ = 0;
  mutable std::vector<std::size_t> order_;
};

class DemographicSamples final : public SampleSource {
 public:
  explicit DemographicSamples(std::vector<TrainingSample> cells) : cells_(std::move(cells)) {}
  TrainingSample draw(std::uint64_t, Random& random) const override { return cells_[random.below(cells_.size())]; }

 private:
  std::vector<TrainingSample> cells_;
};

}  // namespace

void add_rating(LevelTarget& target, double rating, const RatingScale& scale, float weight) {
  const double last = static_cast<double>(target.size() - 1);
  const double level = std::clamp((rating - scale.low) / (scale.high - scale.low), 0.0, 1.0) * last;
  const double below = std::min(std::floor(level), last - 1);
  const auto share = static_cast<float>(level - below);
  target[static_cast<std::size_t>(below)] += weight * (1 - share);
  target[static_cast<std::size_t>(below) + 1] += weight * share;
}

TrainingRatings::TrainingRatings(const RatingTable& table)
    : table_(table), of_photo_(table.photos.size()), of_person_(table.people.size()), mean_(table.photos.size()) {
  for (std::uint32_t i = 0; i < table.ratings.size(); ++i) {
    const Rating& rating = table.ratings[i];
    if (table.people[rating.person].split != Split::kTrain || table.photos[rating.photo].split != Split::kTrain)
      continue;
    of_photo_[rating.photo].push_back(i);
    of_person_[rating.person].push_back(i);
    mean_[rating.photo] += rating.value;
  }
  for (std::uint32_t photo = 0; photo < of_photo_.size(); ++photo) {
    if (of_photo_[photo].empty()) continue;
    photos_.push_back(photo);
    mean_[photo] /= static_cast<double>(of_photo_[photo].size());
  }
  if (photos_.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "the data set " + table.name + " has no rating of a training photo by a training person");
  }
}

LevelTarget TrainingRatings::target(std::uint32_t photo, double shift) const {
  LevelTarget target{};
  const float weight = 1.0F / static_cast<float>(of_photo_[photo].size());
  for (const std::uint32_t i : of_photo_[photo])
    add_rating(target, table_.ratings[i].value + shift, table_.scale, weight);
  return target;
}

std::unique_ptr<SampleSource> generic_samples(const TrainingRatings& ratings, std::uint64_t seed) {
  return std::make_unique<GenericSamples>(ratings, seed);
}

std::unique_ptr<SampleSource> demographic_samples(const TrainingRatings& ratings, const ProfileWording& wording,
                                                  Texts& texts) {
  const RatingTable& table = ratings.table();
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> cells;
  for (std::uint32_t person = 0; person < table.people.size(); ++person) {
    const Profile& profile = table.people[person].profile;
    if (ratings.of_person(person).empty() || profile.empty()) continue;
    const std::uint32_t text = texts.add(profile_text(profile, wording));
    for (const std::uint32_t i : ratings.of_person(person)) cells[{text, table.ratings[i].photo}].push_back(i);
  }
  if (cells.empty()) throw Error(ErrorCode::kInvalidArgument, "no training person of " + table.name + " has a profile");
  std::vector<TrainingSample> samples;
  for (const auto& [key, rows] : cells) {
    TrainingSample sample{key.first, key.second, {}};
    for (const std::uint32_t i : rows) {
      add_rating(sample.target, table.ratings[i].value, table.scale, 1.0F / static_cast<float>(rows.size()));
    }
    samples.push_back(sample);
  }
  return std::make_unique<DemographicSamples>(std::move(samples));
}

std::vector<TrainingSample> SampleMix::draw(std::uint64_t step, std::size_t count, Random& random) const {
  double whole = 0;
  for (const Part& part : parts_) whole += part.share;
  std::vector<TrainingSample> samples;
  double reached = 0;
  for (const Part& part : parts_) {
    reached += part.share;
    const auto end = &part == &parts_.back()
                         ? count
                         : static_cast<std::size_t>(std::lround(reached / whole * static_cast<double>(count)));
    const std::size_t mine = end - samples.size();
    for (std::size_t i = 0; i < mine; ++i) samples.push_back(part.source->draw(step * mine + i, random));
  }
  return samples;
}

}  // namespace paa
