#pragma once
// Photos to the numbers a vision encoder reads.

#include <array>
#include <span>
#include <vector>

#include "paa/image/image.h"

namespace paa {

/// y = (x - mean[c]) / scale[c] for a pixel value x in 0..255.
struct Normalisation {
  std::array<float, 3> mean{0, 0, 0};
  std::array<float, 3> scale{1, 1, 1};
};

/// Writes one image as planes (3, height, width), normalised, to `out` (3 * height * width floats).
/// Error: kInvalidArgument if the sizes differ.
void to_planes(const Image& image, const Normalisation& normalisation, std::span<float> out);

/// Images of one size as one NCHW array of images.size() * 3 * height * width floats.
/// Error: kInvalidArgument if they differ in size or there is none.
std::vector<float> to_nchw(std::span<const Image> images, const Normalisation& normalisation);

}  // namespace paa
