#pragma once
// Photos as small JPEGs: for pages, and for models that are asked over the network.

#include <string>

#include "paa/image/image.h"

namespace paa {

/// The photo as a JPEG (bytes) whose longer side has at most `side` pixels; never enlarged. The same photo gives the
/// same bytes. Thread-safe. Error: kInternal if the encoder fails.
std::string encode_jpeg(const Image& photo, int side);

}  // namespace paa
