#include "paa/image/orientation.h"

#include <algorithm>
#include <cstring>
#include <exception>

#include "byte_reader.h"

namespace paa {
namespace {

class ExifReader {
 public:
  explicit ExifReader(std::span<const std::byte> exif) : reader_(exif, "EXIF", "EXIF block") {
    const auto mark = reader_.u16_big();
    if (mark != 0x4949 && mark != 0x4D4D) reader_.damaged("no byte order");
    little_ = mark == 0x4949;
    if (u16() != 42) reader_.damaged("no TIFF mark");
  }

  std::uint16_t u16() { return little_ ? reader_.u16_little() : reader_.u16_big(); }
  std::uint32_t u32() { return little_ ? reader_.u32_little() : reader_.u32_big(); }
  /// `offset` counts from the start of the block and is never behind the cursor in what is read here.
  void go_to(std::uint32_t offset) {
    if (offset < reader_.position()) reader_.damaged("an offset points back");
    reader_.skip(offset - reader_.position());
  }
  void skip(std::uint32_t count) { reader_.skip(count); }

 private:
  ByteReader reader_;
  bool little_ = false;
};

int read_orientation(std::span<const std::byte> exif) {
  constexpr int kTag = 0x0112, kShort = 3, kLong = 4;
  ExifReader reader(exif);
  reader.go_to(reader.u32());
  for (int left = reader.u16(); left > 0; --left) {
    const int tag = reader.u16();
    const int type = reader.u16();
    const std::uint32_t count = reader.u32();
    if (tag == kTag && count == 1 && type == kShort) return reader.u16();
    if (tag == kTag && count == 1 && type == kLong) return static_cast<int>(std::min(reader.u32(), 9u));
    reader.skip(4);
  }
  return 0;
}

}  // namespace

Orientation exif_orientation(std::span<const std::byte> exif) noexcept {
  try {
    const int value = read_orientation(exif);
    return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::kUpright;
  } catch (const std::exception&) {
    return Orientation::kUpright;
  }
}

Image orient(Image image, Orientation orientation) {
  if (orientation == Orientation::kUpright) return image;
  const int code = static_cast<int>(orientation) - 1;
  // The eight cases are one: swap the axes or not, then run each source axis forwards or backwards.
  const bool swaps = code >= 4;
  constexpr bool kXBackwards[8] = {false, true, true, false, false, false, true, true};
  constexpr bool kYBackwards[8] = {false, false, true, true, false, true, true, false};
  const std::ptrdiff_t step_x = kXBackwards[code] ? -3 : 3;
  const std::ptrdiff_t step_y = std::ptrdiff_t{3} * image.width * (kYBackwards[code] ? -1 : 1);
  const std::uint8_t* origin = image.rgb.data() + (kXBackwards[code] ? std::ptrdiff_t{3} * (image.width - 1) : 0) +
                               (kYBackwards[code] ? std::ptrdiff_t{3} * image.width * (image.height - 1) : 0);

  Image result{swaps ? image.height : image.width, swaps ? image.width : image.height, {}};
  result.rgb.resize(image.rgb.size());
  const std::ptrdiff_t across = swaps ? step_y : step_x;
  const std::ptrdiff_t down = swaps ? step_x : step_y;
  // In tiles, because a swapped axis strides over whole source rows.
  constexpr int kTile = 32;
  for (int top = 0; top < result.height; top += kTile) {
    for (int left = 0; left < result.width; left += kTile) {
      const int right = std::min(left + kTile, result.width);
      for (int y = top; y < std::min(top + kTile, result.height); ++y) {
        std::uint8_t* to = result.row(y) + std::ptrdiff_t{3} * left;
        const std::uint8_t* from = origin + y * down + left * across;
        for (int x = left; x < right; ++x, to += 3, from += across) std::memcpy(to, from, 3);
      }
    }
  }
  return result;
}

}  // namespace paa
