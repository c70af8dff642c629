#include "layout.h"

namespace paa {

void check_size(const ByteReader& reader, std::uint64_t width, std::uint64_t height, const DecodeLimits& limits) {
  constexpr std::uint64_t kMaxSide = std::uint64_t{1} << 24;  // keeps every product of sides and sample sizes in range
  if (width == 0 || height == 0) reader.damaged("its width or height is 0");
  if (width > kMaxSide || height > kMaxSide || width * height > limits.max_pixels) {
    throw Error(ErrorCode::kLimitExceeded, fmt::format("{}: has {} x {} pixels, more than the limit of {} in all",
                                                       reader.origin(), width, height, limits.max_pixels));
  }
}

}  // namespace paa
