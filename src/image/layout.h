#pragma once
// What is read from a photo file before its pixels are: size, orientation, and proof that the file is whole.
//
// stb_image (2.27, as Debian 12 has it) fills what is missing from a truncated JPEG, BMP, TGA or GIF with zeros and
// checks no PNG checksum. So each format's structure is walked here first, to its end.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "paa/image/decode.h"
#include "paa/image/orientation.h"

#include "byte_reader.h"

namespace paa {

struct Layout {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  Orientation orientation = Orientation::kUpright;
  bool has_alpha = true;  ///< false where a fourth channel is not one, or the format has none
  bool is_16_bit = false;
};

/// Refuses an empty picture, or one over the limits. Error: kBadFormat, kLimitExceeded.
void check_size(const ByteReader& reader, std::uint64_t width, std::uint64_t height, const DecodeLimits& limits);

/// Each walks a file of its format. Errors: kBadFormat (cut off, damaged), kUnsupported, kLimitExceeded.
Layout inspect_jpeg(ByteReader reader, const DecodeLimits& limits);
Layout inspect_png(ByteReader reader, const DecodeLimits& limits);
Layout inspect_gif(ByteReader reader, const DecodeLimits& limits);
Layout inspect_bmp(ByteReader reader, const DecodeLimits& limits);
Layout inspect_tga(ByteReader reader, const DecodeLimits& limits);

}  // namespace paa
