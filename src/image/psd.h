#pragma once
// The merged picture of a Photoshop file. Own code: stb_image 2.27 takes any fourth channel for transparency and
// divides by it, decodes compressed 16-bit pictures wrongly and does not notice missing pixels.

#include "paa/image/decode.h"
#include "paa/image/image.h"

#include "byte_reader.h"

namespace paa {

/// RGB or grey, 8 or 16 bits, plain or PackBits. Photoshop merges over white, so channels beyond the colours (masks,
/// transparency) are not needed and not read. Errors: kBadFormat, kUnsupported, kLimitExceeded.
Image decode_psd(ByteReader reader, const DecodeLimits& limits);

}  // namespace paa
