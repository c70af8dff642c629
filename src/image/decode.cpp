#include "paa/image/decode.h"

#include <fmt/format.h>

#include <new>
#include <string>
#include <utility>

#include "paa/core/error.h"
#include "paa/core/file.h"

#include "format.h"
#include "layout.h"
#include "pnm.h"
#include "psd.h"
#include "stb.h"

namespace paa {
namespace {

[[noreturn]] void refuse_unknown(std::span<const std::byte> bytes, std::string_view origin) {
  if (const char* name = recognise_unsupported(bytes)) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: is a {} picture, which is not supported; save it as JPEG or PNG", origin, name));
  }
  throw Error(ErrorCode::kBadFormat,
              fmt::format("{}: is not a photo (JPEG, PNG, BMP, GIF, PSD, TGA and PGM/PPM are read)", origin));
}

Layout inspect(PhotoFormat format, const ByteReader& reader, const DecodeLimits& limits) {
  switch (format) {
    case PhotoFormat::kJpeg: return inspect_jpeg(reader, limits);
    case PhotoFormat::kPng: return inspect_png(reader, limits);
    case PhotoFormat::kGif: return inspect_gif(reader, limits);
    case PhotoFormat::kBmp: return inspect_bmp(reader, limits);
    default: return inspect_tga(reader, limits);
  }
}

Image decode(std::span<const std::byte> bytes, std::string_view origin, const DecodeLimits& limits) {
  const PhotoFormat format = recognise_format(bytes);
  if (format == PhotoFormat::kUnknown) refuse_unknown(bytes, origin);
  const ByteReader reader(bytes, origin, to_string(format));
  if (format == PhotoFormat::kPsd) return decode_psd(reader, limits);
  if (format == PhotoFormat::kPnm) return decode_pnm(reader, limits);
  const Layout layout = inspect(format, reader, limits);
  return orient(decode_with_stb(bytes, layout, origin), layout.orientation);
}

}  // namespace

Image decode_image(std::span<const std::byte> bytes, std::string_view origin, const DecodeLimits& limits) {
  if (bytes.empty()) throw Error(ErrorCode::kBadFormat, fmt::format("{}: is empty, not a photo", origin));
  if (bytes.size() > limits.max_bytes) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: has {} bytes, more than the limit of {}", origin, bytes.size(), limits.max_bytes));
  }
  try {
    return decode(bytes, origin, limits);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kOutOfMemory, fmt::format("{}: there is not enough memory to decode it", origin));
  }
}

Image read_image(const std::filesystem::path& path, const DecodeLimits& limits) {
  return decode_image(read_file(path, limits.max_bytes), path.string(), limits);
}

}  // namespace paa
