#pragma once
// Netpbm's binary greymap (P5) and pixmap (P6). Own code: stb_image 2.27 ignores the file's maximum value, reads
// 16-bit samples in the wrong byte order and does not notice missing pixels.

#include "paa/image/decode.h"
#include "paa/image/image.h"

#include "byte_reader.h"

namespace paa {

/// Errors: kBadFormat, kUnsupported (P1 to P4, P7), kLimitExceeded.
Image decode_pnm(ByteReader reader, const DecodeLimits& limits);

}  // namespace paa
