#include "paa/image/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "cielab.h"
#include "lightness_plane.h"
#include "paa/image/statistics_copy.h"

namespace paa {
namespace {

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

double edge_density(const LightnessPlane& plane) {
  std::size_t steep = 0;
  for (int y = 0; y < plane.height(); ++y) {
    for (int x = 0; x < plane.width(); ++x) {
      if (plane.sobel(x, y).energy() / 2 > kSteepGradient * kSteepGradient) ++steep;
    }
  }
  return static_cast<double>(steep) / static_cast<double>(plane.values().size());
}

}  // namespace

std::optional<ImageStatistic> find_image_statistic(std::string_view name) noexcept {
  const auto found = std::find(kImageStatisticNames.begin(), kImageStatisticNames.end(), name);
  if (found == kImageStatisticNames.end()) return std::nullopt;
  return static_cast<ImageStatistic>(found - kImageStatisticNames.begin());
}

ImageStatistics image_statistics(const Image& photo) {
  const Image image = statistics_copy(photo);
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
  result[ImageStatistic::kColourfulness] =
      std::sqrt(red_green.variance() + yellow_blue.variance()) + 0.3 * std::hypot(red_green.mean(), yellow_blue.mean());
  result[ImageStatistic::kWarmth] = warm.mean();
  result[ImageStatistic::kDetail] = edge_density({image.width, image.height, std::move(lightness)});
  return result;
}

}  // namespace paa
