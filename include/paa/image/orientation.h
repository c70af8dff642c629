#pragma once
// How the camera was held: the EXIF orientation, read and undone.

#include <cstddef>
#include <span>

#include "paa/image/image.h"

namespace paa {

/// The values of EXIF tag 0x0112 (CIPA DC-008): what must be done to the stored pixels to see the photo upright.
enum class Orientation : int {
  kUpright = 1,
  kMirror = 2,  ///< left and right swapped
  kRotate180 = 3,
  kFlip = 4,        ///< top and bottom swapped
  kTranspose = 5,   ///< mirrored at the diagonal from the top left
  kRotate90 = 6,    ///< turned clockwise
  kTransverse = 7,  ///< mirrored at the other diagonal
  kRotate270 = 8,   ///< turned clockwise
};

/// The orientation in an EXIF block: the bytes from its TIFF header ("II" or "MM") on, as a PNG eXIf chunk holds them
/// and a JPEG APP1 segment after "Exif\0\0". kUpright where the block is damaged, or does not say: a photo is worth
/// showing without it. Thread-safe.
Orientation exif_orientation(std::span<const std::byte> exif) noexcept;

/// The photo upright. kTranspose to kRotate270 swap width and height. Thread-safe.
Image orient(Image image, Orientation orientation);

}  // namespace paa
