#include <algorithm>

#include "layout.h"

namespace paa {
namespace {

// Packets of a count byte and either that many pixels or one pixel to repeat.
void skip_packets(ByteReader& reader, std::uint64_t pixels, int bytes_per_pixel) {
  while (pixels > 0) {
    const int head = reader.u8();
    const std::uint64_t count = (head & 127) + 1;
    reader.skip((head & 128) != 0 ? bytes_per_pixel : count * bytes_per_pixel);
    pixels -= std::min(pixels, count);
  }
}

}  // namespace

Layout inspect_tga(ByteReader reader, const DecodeLimits& limits) {
  constexpr int kIndexed = 1, kRunLength = 8, kRightToLeft = 0x10, kAlphaBits = 0x0F;
  Layout layout;
  const int comment_size = reader.u8();
  const bool has_palette = reader.u8() == kIndexed;
  const int kind = reader.u8();
  const int palette_start = reader.u16_little();
  const int palette_size = reader.u16_little();
  const int palette_bits = reader.u8();
  reader.skip(4);
  layout.width = reader.u16_little();
  layout.height = reader.u16_little();
  check_size(reader, layout.width, layout.height, limits);
  const int bits = reader.u8();
  const int descriptor = reader.u8();
  if (has_palette && palette_start != 0) reader.unsupported("a palette that does not start at 0");
  layout.has_alpha = (descriptor & kAlphaBits) != 0;
  if ((descriptor & kRightToLeft) != 0) layout.orientation = Orientation::kMirror;

  reader.skip(comment_size);
  if (has_palette) reader.skip(std::uint64_t(palette_size) * ((palette_bits + 7) / 8));
  const int bytes_per_pixel = (bits + 7) / 8;
  const std::uint64_t pixels = layout.width * layout.height;
  if ((kind & kRunLength) != 0) {
    skip_packets(reader, pixels, bytes_per_pixel);
  } else {
    reader.skip(pixels * bytes_per_pixel);
  }
  return layout;
}

}  // namespace paa
