#include <array>
#include <string_view>

#include "layout.h"

namespace paa {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}

// CRC-32 as ISO/IEC 15948, annex D has it.
std::uint32_t crc32(std::span<const std::byte> bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t value = 0xFFFFFFFFu;
  for (const std::byte byte : bytes) {
    value = kTable[(value ^ std::to_integer<std::uint32_t>(byte)) & 0xFF] ^ (value >> 8);
  }
  return ~value;
}

// The format marks what may be ignored by a lower-case first letter.
bool is_critical(std::string_view type) { return (type[0] & 0x20) == 0; }

}  // namespace

Layout inspect_png(ByteReader reader, const DecodeLimits& limits) {
  constexpr std::uint32_t kMaxChunk = 0x7FFFFFFF;
  Layout layout;
  bool has_data = false;
  reader.skip(8);
  for (std::string_view type; type != "IEND";) {
    const std::uint32_t length = reader.u32_big();
    if (length > kMaxChunk) reader.damaged("a chunk longer than the format allows");
    const auto checked = reader.take(std::uint64_t{length} + 4);
    type = {reinterpret_cast<const char*>(checked.data()), 4};
    ByteReader chunk(checked.subspan(4), reader.origin(), "PNG chunk");
    if (reader.u32_big() != crc32(checked)) {
      reader.damaged(fmt::format("the checksum of the chunk before byte {} is wrong", reader.position()));
    }
    if (type == "CgBI") reader.unsupported("Apple's variant for the iPhone");
    if (layout.width == 0 && type != "IHDR") reader.damaged("it does not begin with its header");
    if (type == "IHDR") {
      layout.width = chunk.u32_big();
      layout.height = chunk.u32_big();
      check_size(reader, layout.width, layout.height, limits);
      layout.is_16_bit = chunk.u8() == 16;
    } else if (type == "IDAT") {
      has_data = true;
    } else if (type == "eXIf") {
      layout.orientation = exif_orientation(chunk.peek());
    } else if (is_critical(type) && type != "PLTE" && type != "IEND") {
      // Refused here, because stb_image writes such a chunk's name into a variable that all threads share.
      reader.unsupported("it has a chunk that a decoder must know and this one does not");
    }
  }
  if (!has_data) reader.damaged("it has no picture");
  return layout;
}

}  // namespace paa
