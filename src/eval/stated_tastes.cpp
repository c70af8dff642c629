#include "paa/eval/stated_tastes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"
#include "paa/image/statistics.h"
#include "paa/taste/read_taste.h"

namespace paa::eval {
namespace {

constexpr std::size_t kAhead = 8;

// What a support may hold.
bool may_be_known(const RatedPhoto& photo) { return photo.split == Split::kTrain || photo.split == Split::kValidation; }

// Rows of the trait table for the photos that may be known.
struct KnownTraits {
  TraitTable table;
  std::vector<std::size_t> row_of;  // by photo
};

struct SeenPhoto {
  Image fitted;
  ImageStatistics statistics;
};

KnownTraits see_photos(const Pmllm& model, const RatingTable& table, const StatedTasteOptions& options) {
  std::vector<std::size_t> photos, reference, row_of(table.photos.size());
  for (std::size_t i = 0; i < table.photos.size(); ++i) {
    if (!may_be_known(table.photos[i])) continue;
    if (table.photos[i].split == Split::kTrain) reference.push_back(photos.size());
    row_of[i] = photos.size();
    photos.push_back(i);
  }
  const auto see = [&](std::size_t i) {
    const Image photo = read_image(table.photos[photos[i]].file);
    return SeenPhoto{model.fit(photo), image_statistics(photo)};
  };
  const auto jobs = static_cast<std::size_t>(std::max(1, options.jobs));
  OrderedPrefetch<SeenPhoto> seen(photos.size(), see, kAhead + jobs, jobs);
  const auto class_names = model.class_names();
  std::vector<std::vector<float>> probabilities(photos.size());
  std::vector<PhotoFacts> facts;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    throw_if_cancelled(options.cancel);
    const SeenPhoto photo = *seen.next();
    if (!class_names.empty()) {
      probabilities[i] = model.class_probabilities(model.encode({&photo.fitted, 1}, options.cancel).front());
    }
    const RatedPhoto& rated = table.photos[photos[i]];
    facts.push_back({rated.category, rated.theme, probabilities[i], photo.statistics});
  }
  return {TraitTable::build(TasteVocabulary::standard(), class_names, facts, reference), std::move(row_of)};
}

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

// Another stream for each person and support.
std::uint64_t stream_of(std::uint32_t person, std::span<const Rating> support) {
  std::uint64_t stream = person;
  for (const auto& rating : support) stream = stream * 1'000'003 + rating.photo;
  return stream;
}

}  // namespace

SupportReader stated_tastes(const Pmllm& model, const RatingTable& table, const StatedTasteOptions& options) {
  const auto traits = std::make_shared<const KnownTraits>(see_photos(model, table, options));
  // Tastes are measured in points of a scale of 1 to 7.
  const double points = (table.scale.high - table.scale.low) / 6;
  return [traits, means = training_means(table), points, seed = options.seed](
             const RatingTable&, std::uint32_t person, std::span<const Rating> support) {
    std::vector<TasteEvidence> evidence;
    for (const auto& rating : support) {
      if (std::isnan(means[rating.photo])) continue;
      evidence.push_back({(rating.value - means[rating.photo]) / points, traits->table.row(traits->row_of[rating.photo])});
    }
    const auto& vocabulary = TasteVocabulary::standard();
    const Taste taste = read_taste(evidence, vocabulary);
    Profile profile;
    if (taste.items.empty()) return profile;
    Random random(seed, stream_of(person, support));
    profile.about = taste_text(taste, vocabulary, random, WordingUse::kHeldOut);
    return profile;
  };
}

}  // namespace paa::eval
