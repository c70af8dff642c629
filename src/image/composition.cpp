#include "paa/image/composition.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "lightness_plane.h"
#include "paa/image/statistics_copy.h"

namespace paa {
namespace {

using enum CompositionStatistic;

// Where a range of hues ends, degrees; the first begins where the last ends, 345 = -15.
constexpr double kHueEnds[] = {45, 70, 165, 195, 255, 345};
constexpr double kEdgesOutside = 0.01;  // of the energy, at each side
constexpr double kThirdsReach = 0.1;
// What differs by less than these is one tone: a hundredth of the range of lightness, a thousandth from pixel to pixel.
constexpr double kFaintVariance = 1e-4, kFaintEnergy = 1e-6, kFaintLaplacian = 1e-3, kLeastSharpness = 1e-6;
constexpr double kFormatLimit = 3;

double centre(int pixel, int side) { return (pixel + 0.5) / side; }
bool in_middle(double at) { return at >= 0.25 && at <= 0.75; }

// 0 to 360; `high` is above `low`.
double hue(const std::uint8_t* rgb, int low, int high) {
  const double chroma = high - low;
  if (rgb[0] == high) return 60 * (rgb[1] - rgb[2]) / chroma + (rgb[1] < rgb[2] ? 360 : 0);
  if (rgb[1] == high) return 60 * (rgb[2] - rgb[0]) / chroma + 120;
  return 60 * (rgb[0] - rgb[1]) / chroma + 240;
}

void add_hues(const Image& image, CompositionStatistics& result) {
  double all = kGreyChroma * 255 * static_cast<double>(image.rgb.size() / 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    const std::uint8_t* rgb = image.rgb.data() + i;
    const auto [low, high] = std::minmax({rgb[0], rgb[1], rgb[2]});
    if (low == high) continue;
    const double at = hue(rgb, low, high);
    const auto range = std::upper_bound(std::begin(kHueEnds), std::end(kHueEnds), at) - std::begin(kHueEnds);
    result.values[static_cast<std::size_t>(range) % std::size(kHueEnds)] += high - low;
    all += high - low;
  }
  for (std::size_t i = 0; i < std::size(kHueEnds); ++i) result.values[i] /= all;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double entropy(const LightnessPlane& plane) {
  std::array<double, kEntropyBins> counts{};
  for (const double value : plane.values())
    ++counts[static_cast<std::size_t>(std::clamp(static_cast<int>(value * kEntropyBins), 0, kEntropyBins - 1))];
  double bits = 0;
  for (const double count : counts) {
    const double share = count / static_cast<double>(plane.values().size());
    if (share > 0) bits -= share * std::log2(share);
  }
  return bits;
}

double symmetry(const LightnessPlane& plane) {
  const double mean = mean_of(plane.values());
  double variance = 0, covariance = 0;
  for (int y = 0; y < plane.height(); ++y) {
    for (int x = 0; x < plane.width(); ++x) {
      const double off = plane.at(x, y) - mean;
      variance += off * off;
      covariance += off * (plane.at(plane.width() - 1 - x, y) - mean);
    }
  }
  const auto pixels = static_cast<double>(plane.values().size());
  return (covariance / pixels + kFaintVariance) / (variance / pixels + kFaintVariance);
}

void add_light(const LightnessPlane& plane, CompositionStatistics& result) {
  struct Mean {
    double sum = 0, count = 0;
    void add(double value) { sum += value, count += 1; }
    double value() const { return count == 0 ? 0 : sum / count; }
  } middle, rest, top, bottom;
  for (int y = 0; y < plane.height(); ++y) {
    const double down = centre(y, plane.height());
    for (int x = 0; x < plane.width(); ++x) {
      const double value = plane.at(x, y);
      (in_middle(down) && in_middle(centre(x, plane.width())) ? middle : rest).add(value);
      if (down != 0.5) (down < 0.5 ? top : bottom).add(value);
    }
  }
  const bool both = middle.count > 0 && rest.count > 0;
  result[kCentreLight] = both ? middle.value() - rest.value() : 0;
  result[kTopLight] = top.value() - bottom.value();
}

void add_laplacian(const LightnessPlane& plane, CompositionStatistics& result) {
  double sum = 0, squares = 0, strength = 0, within = 0;
  for (int y = 0; y < plane.height(); ++y) {
    const bool middle_row = in_middle(centre(y, plane.height()));
    for (int x = 0; x < plane.width(); ++x) {
      const double value = plane.laplacian(x, y);
      const double size = std::abs(value) + kFaintLaplacian;
      sum += value;
      squares += value * value;
      strength += size;
      if (middle_row && in_middle(centre(x, plane.width()))) within += size;
    }
  }
  const auto pixels = static_cast<double>(plane.values().size());
  const double variance = std::max(0.0, squares / pixels - sum * sum / (pixels * pixels));
  result[kSharpness] = std::log10(variance + kLeastSharpness);
  result[kBackgroundBlur] = within / strength;
}

// The part of the side that holds all energy but kEdgesOutside at each end.
double extent(const std::vector<double>& energy) {
  const double outside = kEdgesOutside * std::accumulate(energy.begin(), energy.end(), 0.0);
  const auto size = static_cast<std::ptrdiff_t>(energy.size());
  const auto skipped = [&](auto begin) {
    double sum = 0;
    std::ptrdiff_t count = 0;
    while (count < size && (sum += begin[count]) <= outside) ++count;
    return count;
  };
  return static_cast<double>(std::max<std::ptrdiff_t>(1, size - skipped(energy.begin()) - skipped(energy.rbegin()))) /
         static_cast<double>(size);
}

// exp(-d^2 / ...) along one side, d from the nearer third.
std::vector<double> near_thirds(int side) {
  std::vector<double> result;
  for (int i = 0; i < side; ++i) {
    const double off = std::min(std::abs(centre(i, side) - 1.0 / 3), std::abs(centre(i, side) - 2.0 / 3));
    result.push_back(std::exp(-off * off / (2 * kThirdsReach * kThirdsReach)));
  }
  return result;
}

void add_gradients(const LightnessPlane& plane, CompositionStatistics& result) {
  const auto across = near_thirds(plane.width()), down = near_thirds(plane.height());
  std::vector<double> columns(across.size()), rows(down.size());
  double upright = 0, level = 0, all = 0, near = 0;
  for (int y = 0; y < plane.height(); ++y) {
    const auto row = static_cast<std::size_t>(y);
    for (int x = 0; x < plane.width(); ++x) {
      const auto column = static_cast<std::size_t>(x);
      const Gradient gradient = plane.sobel(x, y);
      const double energy = gradient.energy() + kFaintEnergy;
      upright += gradient.across * gradient.across;
      level += gradient.down * gradient.down;
      all += energy;
      columns[column] += energy;
      rows[row] += energy;
      near += energy * across[column] * down[row];
    }
  }
  result[kLines] = (level - upright) / all;
  result[kEdgeSpread] = extent(columns) * extent(rows);
  result[kThirds] = near / all - mean_of(across) * mean_of(down);
}

double texture(const LightnessPlane& plane) {
  std::vector<int> levels;
  levels.reserve(plane.values().size());
  for (const double value : plane.values())
    levels.push_back(std::clamp(static_cast<int>(value * kTextureLevels), 0, kTextureLevels - 1));
  const auto roughness = [&](int dx, int dy) {
    double sum = 0;
    std::size_t pairs = 0;
    for (int y = 0; y + dy < plane.height(); ++y) {
      const int* row = levels.data() + static_cast<std::ptrdiff_t>(y) * plane.width();
      const int* other = row + static_cast<std::ptrdiff_t>(dy) * plane.width();
      for (int x = std::max(0, -dx); x < plane.width() - std::max(0, dx); ++x, ++pairs) {
        const int off = row[x] - other[x + dx];
        sum += 1 - 1.0 / (1 + off * off);
      }
    }
    return pairs == 0 ? 0 : sum / static_cast<double>(pairs);
  };
  constexpr int s = kTextureStep;
  return (roughness(s, 0) + roughness(0, s) + roughness(s, s) + roughness(-s, s)) / 4;
}

}  // namespace

std::optional<CompositionStatistic> find_composition_statistic(std::string_view name) noexcept {
  const auto found = std::find(kCompositionStatisticNames.begin(), kCompositionStatisticNames.end(), name);
  if (found == kCompositionStatisticNames.end()) return std::nullopt;
  return static_cast<CompositionStatistic>(found - kCompositionStatisticNames.begin());
}

CompositionStatistics composition_statistics(const Image& photo) {
  const Image image = statistics_copy(photo);
  const LightnessPlane plane = lightness_plane(image);
  CompositionStatistics result;
  add_hues(image, result);
  add_laplacian(plane, result);
  add_gradients(plane, result);
  add_light(plane, result);
  result[kEntropy] = entropy(plane);
  result[kSymmetry] = symmetry(plane);
  result[kTexture] = texture(plane);
  result[kFormat] = std::clamp(std::log2(static_cast<double>(image.width) / image.height), -kFormatLimit, kFormatLimit);
  return result;
}

}  // namespace paa
