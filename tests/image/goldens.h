#pragma once
// The photos in tests/image/data and what Pillow makes of them; tests/oracles/make_image_goldens.py made both.

#include <cstddef>
#include <string>
#include <vector>

#include "paa/image/image.h"

/// A photo file and its pixels, with how far a decoder may be from them.
struct DecodedGolden {
  std::string file;
  paa::Image pixels;
  int max_difference = 0;
  double mean_difference = 0;
};

struct ResizedGolden {
  paa::Image source;
  std::string filter;
  paa::Image result;
};

struct Goldens {
  std::vector<DecodedGolden> decoded;
  std::vector<ResizedGolden> resized;
};

/// Loaded at the first call.
const Goldens& goldens();

/// The bytes of a file in tests/image/data.
std::vector<std::byte> fixture(const std::string& file);

/// Where the bytes FF `marker` first stand in a JPEG. Throws std::runtime_error where they do not.
std::size_t find_marker(const std::vector<std::byte>& jpeg, unsigned marker);
