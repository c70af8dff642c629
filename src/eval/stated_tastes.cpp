#include "paa/eval/stated_tastes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "paa/core/error.h"
#include "paa/taste/read_taste.h"

namespace paa::eval {
namespace {

// As fit_shrinkage has it.
constexpr std::size_t kFewest = 3;

// What may be known of a person's ratings.
bool may_be_known(const RatedPhoto& photo) { return photo.split == Split::kTrain || photo.split == Split::kValidation; }

// The training people's mean of each photo; NaN where nobody rated it.
std::vector<double> training_means(const RatingTable& table) {
  std::vector<double> sum(table.photos.size()), count(table.photos.size());
  for (const auto& rating : table.ratings) {
    if (table.people[rating.person].split != Split::kTrain) continue;
    sum[rating.photo] += rating.value;
    ++count[rating.photo];
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = count[i] > 0 ? sum[i] / count[i] : std::numeric_limits<double>::quiet_NaN();
  }
  return sum;
}

// What the ratings are seen against.
struct Background {
  TraitTable traits;
  std::vector<double> means;  // by photo
  double points = 1;          // of the set's scale that are one of 1 to 7, in which tastes are measured
  TasteReading reading;

  // Nothing for a photo that training people did not rate.
  void add(std::vector<TasteEvidence>& evidence, const Rating& rating) const {
    const double mean = means[rating.photo];
    if (!std::isnan(mean)) evidence.push_back({(rating.value - mean) / points, traits.row(rating.photo)});
  }
};

// All ratings of each training person, photos to test with aside.
std::vector<std::vector<TasteEvidence>> training_evidence(const RatingTable& table, const Background& background) {
  std::vector<std::vector<TasteEvidence>> people(table.people.size());
  for (const auto& rating : table.ratings) {
    if (table.people[rating.person].split != Split::kTrain || !may_be_known(table.photos[rating.photo])) continue;
    background.add(people[rating.person], rating);
  }
  std::erase_if(people, [](const auto& ratings) { return ratings.size() < kFewest; });
  return people;
}

// Another stream for each person and support.
std::uint64_t stream_of(std::uint32_t person, std::span<const Rating> support) {
  std::uint64_t stream = person;
  for (const auto& rating : support) stream = stream * 1'000'003 + rating.photo;
  return stream;
}

}  // namespace

SupportReader stated_tastes(const RatingTable& table, TraitTable traits, std::uint64_t seed) {
  if (traits.photo_count() != table.photos.size()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the traits of {} photos were given; {} has {}", traits.photo_count(),
                                                         table.name, table.photos.size()));
  }
  const auto& vocabulary = TasteVocabulary::standard();
  const auto background = std::make_shared<Background>();
  background->traits = std::move(traits);
  background->means = training_means(table);
  background->points = (table.scale.high - table.scale.low) / 6;
  const auto people = training_evidence(table, *background);
  if (!people.empty()) background->reading.shrinkage = fit_shrinkage(people, vocabulary);
  return [background, &vocabulary, seed](const RatingTable&, std::uint32_t person, std::span<const Rating> support) {
    std::vector<TasteEvidence> evidence;
    for (const auto& rating : support) background->add(evidence, rating);
    const Taste taste = read_taste(evidence, vocabulary, background->reading);
    Profile profile;
    if (taste.items.empty()) return profile;
    Random random(seed, stream_of(person, support));
    profile.about = taste_text(taste, vocabulary, random, WordingUse::kHeldOut);
    return profile;
  };
}

}  // namespace paa::eval
