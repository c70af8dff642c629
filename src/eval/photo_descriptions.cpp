#include "paa/eval/photo_descriptions.h"

#include <fmt/format.h>

#include <numeric>

#include "look_at_photos.h"
#include "paa/core/error.h"
#include "paa/dlllm/describe_photo.h"

namespace paa::eval {

std::vector<std::string> photo_descriptions(const Pmllm& model, const RatingTable& table,
                                            const PhotoTraitOptions& options) {
  const auto class_names = model.class_names();
  if (class_names.empty()) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("the model {} has no class names to describe photos with", model.info().name));
  }
  std::vector<std::size_t> photos(table.photos.size());
  std::iota(photos.begin(), photos.end(), std::size_t{0});
  std::vector<std::string> descriptions(photos.size());
  look_at_photos(model, table, photos, options,
                 [&](std::size_t photo, const std::vector<float>& classes, const ImageStatistics& statistics) {
                   descriptions[photo] = describe_photo(class_names, classes, statistics);
                 });
  return descriptions;
}

}  // namespace paa::eval
