#pragma once
// A decoded photo.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace paa {

/// 8-bit sRGB pixels, interleaved R,G,B, rows from the top, no padding: rgb.size() == 3 * width * height.
/// A plain value; the functions that take one require width and height of at least 1.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  /// The first byte of row `y`, 0 <= y < height; 3 * width bytes follow.
  const std::uint8_t* row(int y) const { return rgb.data() + std::size_t{3} * width * y; }
  std::uint8_t* row(int y) { return rgb.data() + std::size_t{3} * width * y; }
};

}  // namespace paa
