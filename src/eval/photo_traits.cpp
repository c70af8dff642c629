#include "paa/eval/photo_traits.h"

#include <algorithm>
#include <vector>

#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"
#include "paa/image/statistics.h"

namespace paa::eval {
namespace {

constexpr std::size_t kAhead = 8;

struct SeenPhoto {
  Image fitted;
  ImageStatistics statistics;
};

std::vector<std::size_t> photos_of(const RatingTable& table, std::span<const Split> splits) {
  std::vector<std::size_t> photos;
  for (std::size_t i = 0; i < table.photos.size(); ++i) {
    if (std::find(splits.begin(), splits.end(), table.photos[i].split) != splits.end()) photos.push_back(i);
  }
  return photos;
}

}  // namespace

TraitTable photo_traits(const Pmllm& model, const RatingTable& table, std::span<const Split> splits,
                        const PhotoTraitOptions& options) {
  const auto photos = photos_of(table, splits);
  const Split train[] = {Split::kTrain};
  const auto see = [&](std::size_t i) {
    const Image photo = read_image(table.photos[photos[i]].file);
    return SeenPhoto{model.fit(photo), image_statistics(photo)};
  };
  const auto jobs = static_cast<std::size_t>(std::max(1, options.jobs));
  OrderedPrefetch<SeenPhoto> seen(photos.size(), see, kAhead + jobs, jobs);
  const auto class_names = model.class_names();
  std::vector<std::vector<float>> probabilities(table.photos.size());
  std::vector<PhotoFacts> facts(table.photos.size());
  for (std::size_t done = 0; done < photos.size(); ++done) {
    throw_if_cancelled(options.cancel);
    const SeenPhoto photo = *seen.next();
    auto& classes = probabilities[photos[done]];
    if (!class_names.empty()) {
      classes = model.class_probabilities(model.encode({&photo.fitted, 1}, options.cancel).front());
    }
    const RatedPhoto& rated = table.photos[photos[done]];
    facts[photos[done]] = {rated.category, rated.theme, classes, photo.statistics};
    if (options.progress) options.progress(done + 1, photos.size());
  }
  return TraitTable::build(TasteVocabulary::standard(), class_names, facts, photos_of(table, train));
}

}  // namespace paa::eval
