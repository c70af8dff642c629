#include "lightness_plane.h"

#include <utility>

#include "cielab.h"

namespace paa {

LightnessPlane lightness_plane(const Image& image) {
  std::vector<double> values;
  values.reserve(image.rgb.size() / 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) values.push_back(lightness(image.rgb.data() + i) / 100);
  return {image.width, image.height, std::move(values)};
}

}  // namespace paa
