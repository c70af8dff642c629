#pragma once
// A photo's lightness, pixel by pixel, and how it changes from one to the next.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "paa/image/image.h"

namespace paa {

/// Change of lightness for each pixel to the right, and downwards.
struct Gradient {
  double across, down;

  double energy() const { return across * across + down * down; }
};

/// L* / 100, rows side by side. Beyond the borders they are repeated.
class LightnessPlane {
 public:
  LightnessPlane(int width, int height, std::vector<double> values)
      : width_(width), height_(height), values_(std::move(values)) {}

  int width() const { return width_; }
  int height() const { return height_; }
  const std::vector<double>& values() const { return values_; }

  double at(int x, int y) const {
    return values_[static_cast<std::size_t>(std::clamp(y, 0, height_ - 1)) * width_ + std::clamp(x, 0, width_ - 1)];
  }

  /// Sobel's, divided by 4: a step of 1 between two columns has 1 on both sides of it.
  Gradient sobel(int x, int y) const {
    const double top_left = at(x - 1, y - 1), top = at(x, y - 1), top_right = at(x + 1, y - 1);
    const double left = at(x - 1, y), right = at(x + 1, y);
    const double low_left = at(x - 1, y + 1), low = at(x, y + 1), low_right = at(x + 1, y + 1);
    return {(top_right + 2 * right + low_right - top_left - 2 * left - low_left) / 4,
            (low_left + 2 * low + low_right - top_left - 2 * top - top_right) / 4};
  }

  /// The four neighbours less four times the pixel.
  double laplacian(int x, int y) const {
    return at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
  }

 private:
  int width_, height_;
  std::vector<double> values_;
};

/// Of all pixels of `image`.
LightnessPlane lightness_plane(const Image& image);

}  // namespace paa
