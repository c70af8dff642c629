#pragma once
// The copy of a photo that all its statistics are computed on.

#include "paa/image/image.h"

namespace paa {

/// `photo` with kStatisticsSide pixels on its longer side (bilinear with antialiasing; small photos are enlarged). A
/// photo of that size stays as it is, so statistics of the copy are those of the photo: who wants several kinds makes
/// the copy once. Thread-safe. Error: kInvalidArgument (an empty image).
Image statistics_copy(const Image& photo);

}  // namespace paa
