#pragma once
// stb_image behind one safe call: bounded memory, no uninitialised pixels, no assert.

#include <cstddef>
#include <span>
#include <string_view>

#include "paa/image/image.h"

#include "layout.h"

namespace paa {

/// Decodes a JPEG, PNG, BMP, GIF or TGA that `layout` was read from; alpha is laid over white; the orientation is left.
/// Errors: kBadFormat, kUnsupported, kLimitExceeded (needs far more memory than such a picture should).
Image decode_with_stb(std::span<const std::byte> bytes, const Layout& layout, std::string_view origin);

}  // namespace paa
