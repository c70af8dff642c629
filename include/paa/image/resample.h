#pragma once
// Resizing with antialiasing, equal to Pillow's Image.resize within one level.

#include <string_view>

#include "paa/image/image.h"

namespace paa {

/// Pillow's resampling filters of the same names.
enum class Filter { kBox, kBilinear, kBicubic, kLanczos };

/// "box", "bilinear", "bicubic" or "lanczos". Error: kInvalidArgument.
Filter parse_filter(std::string_view name);
/// The name that parse_filter takes; never null.
const char* to_string(Filter filter) noexcept;

/// Resizes to width x height (each at least 1). The two-pass fixed-point convolution of Pillow: the filter's support
/// grows with the reduction (antialiasing), coefficients are normalised and rounded to 22 bits. Thread-safe.
/// Errors: kInvalidArgument (size), kLimitExceeded (over 2^28 output pixels).
Image resize(const Image& image, int width, int height, Filter filter);

/// The part of `width` x `height` pixels whose top left corner is (x, y). Error: kInvalidArgument if it leaves the
/// image.
Image crop(const Image& image, int x, int y, int width, int height);

/// Left and right exchanged.
Image mirror(const Image& image);

/// The photo with its longer side of `side` pixels, aspect kept. Thread-safe. Error: as resize.
Image scale_to(const Image& photo, int side, Filter filter);

/// The photo with its longer side at most `side` pixels, bicubic, aspect kept; a smaller one as it is. Thread-safe.
/// Error: as resize.
Image fit_within(const Image& photo, int side);

}  // namespace paa
