#include "psd.h"

#include <cstring>
#include <vector>

#include "layout.h"

namespace paa {
namespace {

struct PsdHeader {
  int channels = 0;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  int bytes_per_sample = 1;
  bool is_grey = false;
};

PsdHeader read_header(ByteReader& reader, const DecodeLimits& limits) {
  constexpr int kGrey = 1, kRgb = 3;
  PsdHeader header;
  reader.skip(4);
  if (reader.u16_big() != 1) reader.unsupported("large document format");
  reader.skip(6);
  header.channels = reader.u16_big();
  header.height = reader.u32_big();
  header.width = reader.u32_big();
  check_size(reader, header.width, header.height, limits);
  const int bits = reader.u16_big();
  if (bits != 8 && bits != 16) reader.unsupported(fmt::format("{} bits a sample", bits));
  header.bytes_per_sample = bits / 8;
  const int mode = reader.u16_big();
  if (mode != kRgb && mode != kGrey) reader.unsupported("neither RGB nor grey");
  header.is_grey = mode == kGrey;
  if (header.channels < (header.is_grey ? 1 : 3) || header.channels > 56) reader.damaged("wrong number of channels");
  for (int section = 0; section < 3; ++section) reader.skip(reader.u32_big());  // palette, resources, layers
  return header;
}

// One row as the PackBits scheme of Apple's TIFF and PSD has it: 0..127 copies n+1 bytes, -1..-127 repeats one.
void unpack_row(ByteReader packed, std::span<std::byte> row) {
  std::size_t filled = 0;
  while (filled < row.size()) {
    const int head = static_cast<std::int8_t>(packed.u8());
    if (head == -128) continue;
    const std::size_t count = head >= 0 ? head + 1 : 1 - head;
    if (count > row.size() - filled) packed.damaged("a packed row is longer than the picture is wide");
    if (head >= 0) {
      std::memcpy(row.data() + filled, packed.take(count).data(), count);
    } else {
      std::memset(row.data() + filled, packed.u8(), count);
    }
    filled += count;
  }
}

// Gives the stored rows one after the other: all of the first channel, then all of the second ...
class RowSource {
 public:
  RowSource(ByteReader reader, const PsdHeader& header)
      : pixels_(reader), row_bytes_(std::size_t{header.width} * header.bytes_per_sample) {
    const std::uint64_t rows = std::uint64_t{header.height} * header.channels;
    const int compression = pixels_.u16_big();
    if (compression > 1) pixels_.unsupported("ZIP compression");
    is_packed_ = compression == 1;
    std::uint64_t bytes = rows * row_bytes_;
    if (is_packed_) {
      packed_sizes_ = ByteReader(pixels_.take(2 * rows), pixels_.origin(), "PSD");
      bytes = 0;
      for (ByteReader sizes = packed_sizes_; sizes.remaining() > 0;) bytes += sizes.u16_big();
    }
    ByteReader(pixels_).skip(bytes);
    if (is_packed_) unpacked_.resize(row_bytes_);
  }

  std::span<const std::byte> next() {
    if (!is_packed_) return pixels_.take(row_bytes_);
    unpack_row(ByteReader(pixels_.take(packed_sizes_.u16_big()), pixels_.origin(), "PSD row"), unpacked_);
    return unpacked_;
  }

 private:
  ByteReader pixels_;
  ByteReader packed_sizes_{{}, {}, "PSD"};
  std::size_t row_bytes_;
  bool is_packed_ = false;
  std::vector<std::byte> unpacked_;
};

// 16-bit samples are big-endian; the nearest 8-bit level is a division by 257.
std::uint8_t level(std::span<const std::byte> row, std::size_t x, int bytes_per_sample) {
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(row[i]); };
  if (bytes_per_sample == 1) return static_cast<std::uint8_t>(at(x));
  return static_cast<std::uint8_t>(((at(2 * x) << 8 | at(2 * x + 1)) + 128) / 257);
}

}  // namespace

Image decode_psd(ByteReader reader, const DecodeLimits& limits) {
  const PsdHeader header = read_header(reader, limits);
  RowSource rows(reader, header);
  Image image{static_cast<int>(header.width), static_cast<int>(header.height), {}};
  image.rgb.resize(std::size_t{3} * header.width * header.height);
  for (int channel = 0; channel < (header.is_grey ? 1 : 3); ++channel) {
    for (int y = 0; y < image.height; ++y) {
      const auto row = rows.next();
      std::uint8_t* to = image.row(y) + channel;
      for (std::size_t x = 0; x < header.width; ++x) {
        to[3 * x] = level(row, x, header.bytes_per_sample);
        if (header.is_grey) to[3 * x + 1] = to[3 * x + 2] = to[3 * x];
      }
    }
  }
  return image;
}

}  // namespace paa
