#pragma once
// How a photo is built, in a few numbers: which colours, how sharp, what stands where, without any model.
//
// Beside statistics.h, whose six are what tastes are about; these are features for learning from one person's ratings.
// "detail" there is the edge density.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "paa/image/image.h"

namespace paa {

/// Which number of CompositionStatistics. L is CIELAB's L* / 100 (CIE 15:2004) of sRGB pixels under D65. Positions run
/// from 0 to 1 along each side, at pixels' centres; the middle is what lies from 1/4 to 3/4 on both. Gradients are
/// Sobel's of L, kernels divided by 4, borders repeated; a pixel's gradient energy is the sum of the squares across and
/// down, plus 1e-6 so that a plain photo has some everywhere. A new one is added at the end, with its name and its
/// words.
///
/// The first six are the shares of the photo's colour within ranges of HSV hue (Smith 1978), degrees: the sum of
/// (max - min) / 255 over the pixels of the range, divided by that of all pixels plus kGreyChroma for each. Grey has no
/// hue: a grey photo has 0 in all, and the six sum to less than 1. The ranges are those that people call by one name,
/// so they differ in width.
enum class CompositionStatistic : std::size_t {
  kRed,     ///< 345 to 45: red, orange, skin, wood
  kYellow,  ///< 45 to 70
  kGreen,   ///< 70 to 165
  kCyan,    ///< 165 to 195
  kBlue,    ///< 195 to 255
  kPurple,  ///< 255 to 345: violet to pink
  /// log10 of 1e-6 plus the variance of L's Laplacian (four neighbours, borders repeated; Pech-Pacheco et al. 2000); -6
  /// (one tone) to 1.
  kSharpness,
  /// Area of the box that is left when each side has lost 1 % of the gradient energy at both of its ends (Ke, Tang &
  /// Jing 2006); near 0 (one small thing) to 1.
  kEdgeSpread,
  /// Of the histogram of L in kEntropyBins equal bins, bits (Shannon 1948); 0 to 6.
  kEntropy,
  /// How alike left and right are: (covariance of L and its mirror image + 1e-4) / (variance of L + 1e-4); -1 to 1
  /// (symmetrical, or one tone).
  kSymmetry,
  /// Rule of thirds, after the features of Datta et al. 2006 and Dhar, Ordonez & Berg 2011: the mean of K over pixels
  /// weighted by gradient energy, less its plain mean. K = exp(-d^2 / (2 x .1^2)), d the distance to the nearest of the
  /// four points at a third and two thirds of the sides; -.3 to 1, 0 where nothing stands out.
  kThirds,
  /// Low depth of field, after Datta et al. 2006 (who take wavelets): the middle's share of the sum of |L's Laplacian|
  /// + 1e-3; 0 to 1 (background out of focus), about .25 for photos equally sharp all over.
  kBackgroundBlur,
  /// Mean of L in the middle less that of the rest; -1 to 1; 0 where there is no middle or no rest.
  kCentreLight,
  /// Mean of L of the upper half less that of the lower half; -1 to 1.
  kTopLight,
  /// 1 - homogeneity (inverse difference moment; Haralick et al. 1973) of L in kTextureLevels equal levels: the mean of
  /// 1 - 1 / (1 + (i - j)^2) over pairs of pixels kTextureStep apart across, down, and both down and across to either
  /// side, the four directions with equal weight; 0 (smooth) to 1.
  kTexture,
  /// (gradient energy down - across) / (both): -1 (upright lines) to 1 (level lines); of the structure tensor (Bigun &
  /// Granlund 1987).
  kLines,
  /// log2 of width / height, cut to -3 and 3; below 0 for upright photos.
  kFormat,
};

inline constexpr std::size_t kCompositionStatisticCount = 17;

/// In the order of CompositionStatistic.
inline constexpr std::array<const char*, kCompositionStatisticCount> kCompositionStatisticNames = {
    "red",          "yellow",      "green",   "cyan",     "blue",   "purple",
    "sharpness",    "edge spread", "entropy", "symmetry", "thirds", "background blur",
    "centre light", "top light",   "texture", "lines",    "format"};

/// Of a hue's share: photos with much less colour than this on average count as grey.
inline constexpr double kGreyChroma = 0.05;
inline constexpr int kEntropyBins = 64;
inline constexpr int kTextureLevels = 32;
/// Pixels of the copy that statistics are computed on.
inline constexpr int kTextureStep = 2;

/// The statistic of that name; nothing if there is none.
std::optional<CompositionStatistic> find_composition_statistic(std::string_view name) noexcept;

/// A photo's composition. A plain value.
struct CompositionStatistics {
  std::array<double, kCompositionStatisticCount> values{};

  /// The statistic's value.
  double operator[](CompositionStatistic statistic) const { return values[static_cast<std::size_t>(statistic)]; }
  double& operator[](CompositionStatistic statistic) { return values[static_cast<std::size_t>(statistic)]; }
};

/// Computed on statistics_copy, so that one picture at several sizes has nearly the same values, as long as none is
/// smaller than that copy: each differs by at most .05, and sharpness by .3. A smaller one, enlarged again, has lost
/// detail: its sharpness and texture are lower. Mirroring changes nothing; turned upside down, the photo's kTopLight
/// changes its sign. Never NaN. Equal for equal pixels; thread-safe. Error: kInvalidArgument (an empty image).
CompositionStatistics composition_statistics(const Image& photo);

}  // namespace paa
