#include "paa/image/encode_jpeg.h"

#include "paa/core/error.h"
#include "paa/image/resample.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
#include <stb_image_write.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace paa {
namespace {

constexpr int kQuality = 82;

void append(void* bytes, void* data, int size) {
  static_cast<std::string*>(bytes)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::string encode_whole(const Image& image) {
  std::string bytes;
  if (stbi_write_jpg_to_func(append, &bytes, image.width, image.height, 3, image.rgb.data(), kQuality) == 0) {
    throw Error(ErrorCode::kInternal, "the JPEG encoder refused a photo");
  }
  return bytes;
}

}  // namespace

std::string encode_jpeg(const Image& photo, int side) {
  return encode_whole(fit_within(photo, side));
}

}  // namespace paa
