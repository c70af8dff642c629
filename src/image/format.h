#pragma once
// Which photo format some bytes are in, by their content; file names are not looked at.

#include <cstddef>
#include <span>

namespace paa {

enum class PhotoFormat { kJpeg, kPng, kBmp, kGif, kPsd, kTga, kPnm, kUnknown };

/// TGA has no signature: it is recognised last, by a header whose every field makes sense.
PhotoFormat recognise_format(std::span<const std::byte> bytes) noexcept;

/// "JPEG", "PNG" ...; for kUnknown "photo".
const char* to_string(PhotoFormat format) noexcept;

/// The name of a picture format that is known but not decoded ("WebP", "HEIC" ...), or null.
const char* recognise_unsupported(std::span<const std::byte> bytes) noexcept;

}  // namespace paa
