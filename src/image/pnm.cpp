#include "pnm.h"

#include <algorithm>

#include "layout.h"

namespace paa {
namespace {

bool is_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The next number of the header and the one white space after it; '#' comments out the rest of a line.
std::uint32_t read_number(ByteReader& reader) {
  int c = reader.u8();
  while (is_space(c) || c == '#') {
    if (c == '#') {
      while (c != '\n' && c != '\r') c = reader.u8();
    }
    c = reader.u8();
  }
  std::uint32_t value = 0;
  for (; c >= '0' && c <= '9'; c = reader.u8()) {
    if (value > 100'000'000) reader.damaged("a number in its header is too large");
    value = value * 10 + (c - '0');
  }
  if (!is_space(c)) reader.damaged("its header has something else where a number is needed");
  return value;
}

}  // namespace

Image decode_pnm(ByteReader reader, const DecodeLimits& limits) {
  reader.skip(1);
  const char kind = static_cast<char>(reader.u8());
  if (kind != '5' && kind != '6') reader.unsupported(fmt::format("P{}; only P5 and P6 are", kind));
  const std::uint32_t width = read_number(reader);
  const std::uint32_t height = read_number(reader);
  check_size(reader, width, height, limits);
  const std::uint32_t maximum = read_number(reader);
  if (maximum < 1 || maximum > 65535) reader.damaged("its maximum value is not in 1 to 65535");

  const bool is_wide = maximum > 255;
  const std::uint64_t samples = std::uint64_t{width} * height * (kind == '6' ? 3 : 1);
  const auto data = reader.take(samples * (is_wide ? 2 : 1));
  const auto level = [&](std::uint64_t i) {
    const auto high = std::to_integer<std::uint32_t>(data[is_wide ? 2 * i : i]);
    const auto value = is_wide ? high << 8 | std::to_integer<std::uint32_t>(data[2 * i + 1]) : high;
    return static_cast<std::uint8_t>((std::min(value, maximum) * 255 + maximum / 2) / maximum);
  };
  Image image{static_cast<int>(width), static_cast<int>(height), {}};
  image.rgb.resize(std::size_t{3} * width * height);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = level(kind == '6' ? i : i / 3);
  return image;
}

}  // namespace paa
