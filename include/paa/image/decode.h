#pragma once
// Photo files to pixels, through stb_image.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "paa/image/image.h"

namespace paa {

/// Checked before anything of that size is allocated.
struct DecodeLimits {
  std::uint64_t max_bytes = std::uint64_t{256} << 20;   ///< of the file
  std::uint64_t max_pixels = std::uint64_t{200} << 20;  ///< width * height, before orientation
};

/// Decodes JPEG, PNG, BMP, GIF (first frame), PSD (the merged picture), TGA or PNM (binary PGM/PPM), known by their
/// content, and applies the EXIF orientation of JPEG and PNG. Grey becomes RGB, 16-bit samples are rounded to 8, alpha
/// is laid over white, Adobe's CMYK and YCCK JPEGs are converted to RGB; colour profiles are not applied. Lossless
/// formats give exactly the stored pixels; JPEGs differ from libjpeg's by at most 3 levels, but with 4:2:2 in the last
/// column but one. What is missing from a file is an error, never grey; so is a wrong bit in a PNG. A wrong byte inside
/// other formats' pixels cannot be told from a picture. Memory: within 32 bytes a pixel, 3 a byte of the file, and 32
/// MiB. `origin` names the photo in errors. Thread-safe. Errors: kBadFormat (not an image, empty, truncated, damaged),
/// kUnsupported (WebP, HEIC, AVIF, TIFF ... named; rare kinds of the formats above), kLimitExceeded, kOutOfMemory.
Image decode_image(std::span<const std::byte> bytes, std::string_view origin, const DecodeLimits& limits = {});

/// Reads and decodes a file. Errors: also those of read_file.
Image read_image(const std::filesystem::path& path, const DecodeLimits& limits = {});

}  // namespace paa
