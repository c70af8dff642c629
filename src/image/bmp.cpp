#include <cstdlib>

#include "layout.h"

namespace paa {

Layout inspect_bmp(ByteReader reader, const DecodeLimits& limits) {
  constexpr std::uint32_t kOs2Header = 12, kV4Header = 108, kV5Header = 124, kPlain = 0, kBitFields = 3;
  Layout layout;
  ByteReader header = reader;
  header.skip(10);
  const std::uint32_t data_offset = header.u32_little();
  const std::uint32_t header_size = header.u32_little();
  std::uint32_t bits = 0;
  std::uint32_t compression = kPlain;
  if (header_size == kOs2Header) {
    layout.width = header.u16_little();
    layout.height = header.u16_little();
    header.skip(2);
    bits = header.u16_little();
  } else if (header_size == 40 || header_size == kV4Header || header_size == kV5Header) {
    const std::int64_t width = static_cast<std::int32_t>(header.u32_little());
    const std::int64_t height = static_cast<std::int32_t>(header.u32_little());
    if (width < 0) header.damaged("its width is negative");
    layout.width = static_cast<std::uint64_t>(width);
    layout.height = static_cast<std::uint64_t>(std::abs(height));  // negative: rows from the top
    header.skip(2);
    bits = header.u16_little();
    compression = header.u32_little();
  } else {
    header.unsupported(fmt::format("a header of {} bytes", header_size));
  }
  check_size(header, layout.width, layout.height, limits);
  if (compression != kPlain && compression != kBitFields) header.unsupported("compressed");
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
    header.unsupported(fmt::format("{} bits a pixel", bits));
  }
  // The fourth byte of a plain 32-bit pixel is reserved; only bit fields can say that it is alpha.
  layout.has_alpha = compression == kBitFields && header_size >= kV4Header;

  const std::uint64_t row = layout.width * bits;
  if (data_offset < 14 + header_size) header.damaged("its pixels begin inside its header");
  reader.skip(data_offset);
  reader.skip((row + 31) / 32 * 4 * (layout.height - 1) + (row + 7) / 8);
  return layout;
}

}  // namespace paa
