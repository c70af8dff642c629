#include "paa/eval/photo_traits.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "look_at_photos.h"

namespace paa::eval {
namespace {

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
  std::vector<std::vector<float>> probabilities(table.photos.size());
  std::vector<PhotoFacts> facts(table.photos.size());
  look_at_photos(model, table, photos, options,
                 [&](std::size_t photo, std::vector<float> classes, const ImageStatistics& statistics) {
                   probabilities[photo] = std::move(classes);
                   const RatedPhoto& rated = table.photos[photo];
                   facts[photo] = {rated.category, rated.theme, probabilities[photo], statistics};
                 });
  return TraitTable::build(TasteVocabulary::standard(), model.class_names(), facts, photos_of(table, train));
}

}  // namespace paa::eval
