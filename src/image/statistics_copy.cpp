#include "paa/image/statistics_copy.h"

#include <fmt/format.h>

#include "paa/core/error.h"
#include "paa/image/resample.h"
#include "paa/image/statistics.h"

namespace paa {

Image statistics_copy(const Image& photo) {
  if (photo.width < 1 || photo.height < 1 || photo.rgb.size() != std::size_t{3} * photo.width * photo.height) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("an image of {} x {} pixels and {} bytes has no statistics; give one with 3 bytes a pixel",
                            photo.width, photo.height, photo.rgb.size()));
  }
  return scale_to(photo, kStatisticsSide, Filter::kBilinear);
}

}  // namespace paa
