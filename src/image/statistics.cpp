#include "paa/image/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "paa/core/error.h"
#include "paa/image/resample.h"

namespace paa {
namespace {

struct Lab {
  double lightness, a, b;
};

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

Lab to_lab(const std::uint8_t* rgb) {
  const auto& linear = linear_levels();
  const double r = linear[rgb[0]], g = linear[rgb[1]], b = linear[rgb[2]];
  const double x = lab_curve((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047);
  const double y = lab_curve(0.212671 * r + 0.715160 * g + 0.072169 * b);
  const double z = lab_curve((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double warmth(const Lab& lab) {
  const double chroma = std::hypot(lab.a, lab.b);
  const double hue = std::atan2(lab.b, lab.a);
  return -0.5 + 0.02 * std::pow(chroma, 1.07) * std::cos(hue - 50 * std::numbers::pi / 180);
}

double saturation(const std::uint8_t* rgb) {
  const auto [low, high] = std::minmax({rgb[0], rgb[1], rgb[2]});
  return high == 0 ? 0 : static_cast<double>(high - low) / high;
}

/// Mean and variance of numbers that come one by one (Welford 1962).
class Moments {
 public:
  void add(double value) {
    count_ += 1;
    const double before = value - mean_;
    mean_ += before / count_;
    squares_ += before * (value - mean_);
  }
  double mean() const { return mean_; }
  double variance() const { return squares_ / count_; }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

double edge_density(const std::vector<double>& lightness, int width, int height) {
  const auto at = [&](int x, int y) {
    return lightness[static_cast<std::size_t>(std::clamp(y, 0, height - 1)) * width + std::clamp(x, 0, width - 1)];
  };
  std::size_t steep = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double across = (at(x + 1, y - 1) + 2 * at(x + 1, y) + at(x + 1, y + 1) - at(x - 1, y - 1) -
                             2 * at(x - 1, y) - at(x - 1, y + 1)) / 4;
      const double down = (at(x - 1, y + 1) + 2 * at(x, y + 1) + at(x + 1, y + 1) - at(x - 1, y - 1) -
                           2 * at(x, y - 1) - at(x + 1, y - 1)) / 4;
      if ((across * across + down * down) / 2 > kSteepGradient * kSteepGradient) ++steep;
    }
  }
  return static_cast<double>(steep) / static_cast<double>(lightness.size());
}

Image at_one_size(const Image& photo) {
  const double scale = static_cast<double>(kStatisticsSide) / std::max(photo.width, photo.height);
  const auto side = [scale](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * scale))); };
  return resize(photo, side(photo.width), side(photo.height), Filter::kBilinear);
}

}  // namespace

std::optional<ImageStatistic> find_image_statistic(std::string_view name) noexcept {
  const auto found = std::find(kImageStatisticNames.begin(), kImageStatisticNames.end(), name);
  if (found == kImageStatisticNames.end()) return std::nullopt;
  return static_cast<ImageStatistic>(found - kImageStatisticNames.begin());
}

ImageStatistics image_statistics(const Image& photo) {
  if (photo.width < 1 || photo.height < 1 || photo.rgb.size() != std::size_t{3} * photo.width * photo.height) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("an image of {} x {} pixels and {} bytes has no statistics; give one with 3 bytes a pixel",
                            photo.width, photo.height, photo.rgb.size()));
  }
  const Image image = at_one_size(photo);
  Moments light, warm, saturated, red_green, yellow_blue;
  std::vector<double> lightness;
  lightness.reserve(image.rgb.size() / 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    const std::uint8_t* rgb = image.rgb.data() + i;
    const Lab lab = to_lab(rgb);
    lightness.push_back(lab.lightness / 100);
    light.add(lightness.back());
    warm.add(warmth(lab));
    saturated.add(saturation(rgb));
    red_green.add(rgb[0] - rgb[1]);
    yellow_blue.add(0.5 * (rgb[0] + rgb[1]) - rgb[2]);
  }
  ImageStatistics result;
  result[ImageStatistic::kBrightness] = light.mean();
  result[ImageStatistic::kContrast] = std::sqrt(light.variance());
  result[ImageStatistic::kSaturation] = saturated.mean();
  result[ImageStatistic::kColourfulness] = std::sqrt(red_green.variance() + yellow_blue.variance()) +
                                           0.3 * std::hypot(red_green.mean(), yellow_blue.mean());
  result[ImageStatistic::kWarmth] = warm.mean();
  result[ImageStatistic::kDetail] = edge_density(lightness, image.width, image.height);
  return result;
}

}  // namespace paa
