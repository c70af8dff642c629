#include "paa/image/batch.h"

#include <fmt/format.h>

#include "paa/core/error.h"

namespace paa {

void to_planes(const Image& image, const Normalisation& normalisation, std::span<float> out) {
  const std::size_t pixels = image.rgb.size() / 3;
  if (pixels == 0 || image.rgb.size() != std::size_t{3} * image.width * image.height || out.size() != 3 * pixels) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("an image of {} x {} pixels does not fit {} numbers",
                                                         image.width, image.height, out.size()));
  }
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const float mean = normalisation.mean[channel];
    const float scale = normalisation.scale[channel];
    float* plane = out.data() + channel * pixels;
    for (std::size_t i = 0; i < pixels; ++i) plane[i] = (image.rgb[3 * i + channel] - mean) / scale;
  }
}

std::vector<float> to_nchw(std::span<const Image> images, const Normalisation& normalisation) {
  if (images.empty()) throw Error(ErrorCode::kInvalidArgument, "a batch needs at least one image");
  const std::size_t size = images[0].rgb.size();
  std::vector<float> batch(images.size() * size);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].width != images[0].width || images[i].height != images[0].height) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("image {} of the batch has {} x {} pixels, the first has {} x {}", i, images[i].width,
                              images[i].height, images[0].width, images[0].height));
    }
    to_planes(images[i], normalisation, std::span(batch).subspan(i * size, size));
  }
  return batch;
}

}  // namespace paa
