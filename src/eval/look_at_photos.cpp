#include "look_at_photos.h"

#include <algorithm>

#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"

namespace paa::eval {
namespace {

constexpr std::size_t kAhead = 8;

struct SeenPhoto {
  Image fitted;
  ImageStatistics statistics;
};

}  // namespace

void look_at_photos(
    const Pmllm& model, const RatingTable& table, std::span<const std::size_t> photos, const PhotoTraitOptions& options,
    const std::function<void(std::size_t photo, std::vector<float> classes, const ImageStatistics& statistics)>& sink) {
  const auto see = [&](std::size_t i) {
    const Image photo = read_image(table.photos[photos[i]].file);
    return SeenPhoto{model.fit(photo), image_statistics(photo)};
  };
  const auto jobs = static_cast<std::size_t>(std::max(1, options.jobs));
  OrderedPrefetch<SeenPhoto> seen(photos.size(), see, kAhead + jobs, jobs);
  const bool classified = !model.class_names().empty();
  for (std::size_t done = 0; done < photos.size(); ++done) {
    throw_if_cancelled(options.cancel);
    const SeenPhoto photo = *seen.next();
    std::vector<float> classes;
    if (classified) classes = model.class_probabilities(model.encode({&photo.fitted, 1}, options.cancel).front());
    sink(photos[done], std::move(classes), photo.statistics);
    if (options.progress) options.progress(done + 1, photos.size());
  }
}

}  // namespace paa::eval
