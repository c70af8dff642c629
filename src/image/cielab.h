#pragma once
// CIELAB (CIE 15:2004) of sRGB pixels under D65.

#include <cstdint>

namespace paa {

struct Lab {
  double lightness, a, b;
};

Lab to_lab(const std::uint8_t* rgb);

/// Only L*: much quicker.
double lightness(const std::uint8_t* rgb);

}  // namespace paa
