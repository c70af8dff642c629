#include "cielab.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace paa {
namespace {

// sRGB to linear light (IEC 61966-2-1), for each of the 256 levels.
const std::array<double, 256>& linear_levels() {
  static const auto levels = [] {
    std::array<double, 256> result{};
    for (std::size_t i = 0; i < result.size(); ++i) {
      const double value = static_cast<double>(i) / 255;
      result[i] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    }
    return result;
  }();
  return levels;
}

double lab_curve(double ratio) { return ratio > 0.008856 ? std::cbrt(ratio) : 7.787 * ratio + 16.0 / 116; }

}  // namespace

Lab to_lab(const std::uint8_t* rgb) {
  const auto& linear = linear_levels();
  const double r = linear[rgb[0]], g = linear[rgb[1]], b = linear[rgb[2]];
  const double x = lab_curve((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047);
  const double y = lab_curve(0.212671 * r + 0.715160 * g + 0.072169 * b);
  const double z = lab_curve((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double lightness(const std::uint8_t* rgb) {
  const auto& linear = linear_levels();
  return 116 * lab_curve(0.212671 * linear[rgb[0]] + 0.715160 * linear[rgb[1]] + 0.072169 * linear[rgb[2]]) - 16;
}

}  // namespace paa
