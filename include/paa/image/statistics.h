#pragma once
// What a photo looks like in a few numbers: light, colour and detail, without any model.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "paa/image/image.h"

namespace paa {

/// Which number of ImageStatistics. L*, a*, b* are CIELAB (CIE 15:2004) of sRGB pixels under D65; means and deviations
/// run over all pixels. A new one is added at the end, with its name and its formula in statistics.cpp.
enum class ImageStatistic : std::size_t {
  kBrightness,     ///< mean of L* / 100; 0 (black) to 1 (white)
  kContrast,       ///< standard deviation of L* / 100 (RMS contrast; Peli 1990); 0 to .5
  kSaturation,     ///< mean of HSV saturation, (max - min) / max, 0 for black (Smith 1978); 0 to 1
  kColourfulness,  ///< Hasler & Suesstrunk 2003, M of eq. 3 on 0..255: 0 (grey), about 15 (slightly) to 109 (extremely)
  kWarmth,  ///< mean of -0.5 + 0.02 C*^1.07 cos(h - 50 degrees) (Ou et al. 2004): -.5 for grey, above it for reds
            ///< and yellows, below for blues; -3 to 2
  kDetail,  ///< edge density: the share of pixels whose Sobel gradient is steep (kSteepGradient); 0 to 1
};

inline constexpr std::size_t kImageStatisticCount = 6;

/// In the order of ImageStatistic.
inline constexpr std::array<const char*, kImageStatisticCount> kImageStatisticNames = {
    "brightness", "contrast", "saturation", "colourfulness", "warmth", "detail"};

/// The longer side, in pixels, of the copy that statistics are computed on.
inline constexpr int kStatisticsSide = 256;

/// A steep gradient: the root of the mean of the squared Sobel responses in x and y, kernels divided by their positive
/// sum of 4, of L* / 100, borders repeated. A full step from black to white between two columns has sqrt(1/2).
inline constexpr double kSteepGradient = 0.05;

/// The statistic of that name; nothing if there is none.
std::optional<ImageStatistic> find_image_statistic(std::string_view name) noexcept;

/// A photo's statistics. A plain value.
struct ImageStatistics {
  std::array<double, kImageStatisticCount> values{};

  /// The statistic's value.
  double operator[](ImageStatistic statistic) const { return values[static_cast<std::size_t>(statistic)]; }
  double& operator[](ImageStatistic statistic) { return values[static_cast<std::size_t>(statistic)]; }
};

/// Computed on a copy whose longer side has kStatisticsSide pixels (bilinear with antialiasing; small photos are
/// enlarged), so that one picture at several sizes has nearly the same values: the size it came in is not a property of
/// the picture. Equal for equal pixels; thread-safe. Error: kInvalidArgument (an empty image).
ImageStatistics image_statistics(const Image& photo);

}  // namespace paa
