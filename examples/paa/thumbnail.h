#pragma once
// Small JPEGs for the gallery page.

#include <string>

#include "paa/image/image.h"

namespace paa::cli {

/// The photo as a JPEG (bytes) whose longer side has at most `side` pixels; never enlarged. The same photo gives the
/// same bytes. Error: kInternal if the encoder fails.
std::string thumbnail_jpeg(const Image& photo, int side);

}  // namespace paa::cli
