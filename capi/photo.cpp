#include "paa/image/decode.h"

#include <algorithm>
#include <span>
#include <string>

#include "guard.h"
#include "handles.h"
#include "paa/core/file.h"
#include "paa/core/sha256.h"
#include "sized_struct.h"
#include "view.h"

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_photo_options> = offsetof(paa_photo_options, max_pixels) +
                                                             sizeof(std::uint64_t);

namespace {

paa_photo_options defaults() {
  const DecodeLimits limits;
  return {sizeof(paa_photo_options), limits.max_bytes, limits.max_pixels};
}

DecodeLimits decode_limits(const paa_photo_options* options) {
  const auto read = read_struct(options, defaults(), "options");
  DecodeLimits limits;
  limits.max_bytes = read.max_bytes;
  limits.max_pixels = read.max_pixels;
  return limits;
}

// `size` bytes hold `height` rows at `stride`, the last of which may end after its pixels.
void check_layout(std::size_t size, std::int32_t width, std::int32_t height, std::size_t stride) {
  if (width < 1 || height < 1) refuse("width and height must be at least 1");
  const std::uint64_t pixels = std::uint64_t(width) * std::uint64_t(height);
  if (pixels > DecodeLimits{}.max_pixels) {
    throw Error(ErrorCode::kLimitExceeded, std::to_string(pixels) + " pixels are more than the limit of " +
                                               std::to_string(DecodeLimits{}.max_pixels));
  }
  const std::size_t row = std::size_t{3} * width;
  if (stride < row) refuse("stride is less than 3 * width");
  if (size < row || (size - row) / stride < std::size_t(height - 1))
    refuse("size is too small for width, height, stride");
}

paa_photo decode(std::span<const std::byte> bytes, const std::filesystem::path& origin, const DecodeLimits& limits) {
  return {decode_image(bytes, origin.empty() ? "photo" : origin.string(), limits), PhotoHash(sha256_hex(bytes)), origin};
}

Image copy_pixels(const std::uint8_t* rgb, std::int32_t width, std::int32_t height, std::size_t stride) {
  Image image{width, height, {}};
  image.rgb.resize(std::size_t{3} * width * height);
  for (std::int32_t y = 0; y < height; ++y) std::copy_n(rgb + y * stride, std::size_t{3} * width, image.row(y));
  return image;
}

}  // namespace

}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_photo_options_init(paa_photo_options* options, size_t struct_size) {
  return guard(__func__, [&] { write_struct(options, struct_size, defaults(), "options"); });
}

paa_status paa_photo_read(paa_photo** photo, const char* file, size_t file_size, const paa_photo_options* options) {
  return guard(__func__, [&] {
    make_handle(photo, "photo", [&] {
      const auto place = path(file, file_size, "path");
      const auto limits = decode_limits(options);
      return decode(paa::read_file(place, limits.max_bytes), place, limits);
    });
  });
}

paa_status paa_photo_decode(paa_photo** photo, const void* bytes, size_t size, const paa_photo_options* options) {
  return guard(__func__, [&] {
    make_handle(photo, "photo", [&] {
      const auto encoded = array(static_cast<const std::byte*>(bytes), size, "bytes");
      return decode(encoded, {}, decode_limits(options));
    });
  });
}

paa_status paa_photo_from_rgb(paa_photo** photo, const uint8_t* rgb, size_t size, int32_t width, int32_t height,
                              size_t stride) {
  return guard(__func__, [&] {
    make_handle(photo, "photo", [&] {
      check_layout(size, width, height, stride);
      return paa_photo{copy_pixels(&required(rgb, "rgb"), width, height, stride), PhotoHash::of_pixels(), {}};
    });
  });
}

paa_status paa_photo_size(int32_t* width, int32_t* height, const paa_photo* photo) {
  return guard(__func__, [&] {
    const auto& image = required(photo, "photo").value;
    required(width, "width");
    required(height, "height") = image.height;
    *width = image.width;
  });
}

paa_status paa_photo_hash(const char** hash, size_t* size, const paa_photo* photo) {
  return guard(__func__, [&] {
    view_text(hash, size, "hash", [&]() -> auto& { return hash_of(required(photo, "photo")); });
  });
}

void paa_photo_free(paa_photo* photo) { delete photo; }
