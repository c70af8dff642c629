#include "layout.h"

namespace paa {
namespace {

// Length-prefixed blocks up to an empty one.
std::uint64_t skip_blocks(ByteReader& reader) {
  std::uint64_t total = 0;
  for (int length = reader.u8(); length > 0; length = reader.u8()) {
    reader.skip(length);
    total += length;
  }
  return total;
}

void skip_palette(ByteReader& reader, int flags) {
  if ((flags & 0x80) != 0) reader.skip(3u << ((flags & 7) + 1));
}

}  // namespace

// Up to the end of the first frame: what follows is not looked at.
Layout inspect_gif(ByteReader reader, const DecodeLimits& limits) {
  constexpr int kExtension = 0x21, kFrame = 0x2C;
  Layout layout;
  reader.skip(6);
  layout.width = reader.u16_little();
  layout.height = reader.u16_little();
  check_size(reader, layout.width, layout.height, limits);
  const int flags = reader.u8();
  reader.skip(2);
  skip_palette(reader, flags);
  int block = reader.u8();
  for (; block == kExtension; block = reader.u8()) {
    reader.skip(1);
    skip_blocks(reader);
  }
  if (block != kFrame) reader.damaged("it has no picture");
  reader.skip(4);
  const int width = reader.u16_little();
  const int height = reader.u16_little();
  if (width == 0 || height == 0) reader.damaged("its first frame is empty");
  skip_palette(reader, reader.u8());
  reader.skip(1);
  if (skip_blocks(reader) == 0) reader.damaged("its first frame has no data");
  return layout;
}

}  // namespace paa
