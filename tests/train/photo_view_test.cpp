// The views of a photo that a training sees.

#include <cmath>

#include "token_cache.h"
#include "torch_catch.h"

using paa::Image;

namespace {

paa::PhotoPolicy policy() {
  paa::PhotoPolicy policy;
  policy.width = 256;
  policy.height = 224;
  return policy;
}

// Red grows from left to right, green from top to bottom, so that a view tells which part it shows.
Image ramps(int width, int height) {
  Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(3) * width * height)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.row(y)[3 * x] = static_cast<std::uint8_t>(255 * x / (width - 1));
      image.row(y)[3 * x + 1] = static_cast<std::uint8_t>(255 * y / (height - 1));
    }
  }
  return image;
}

}  // namespace

TEST_CASE("view 0 is the photo as it is scored, view 1 its mirror image") {
  const Image photo = ramps(400, 300);
  CHECK(paa::photo_view(photo, policy(), 7, 0).rgb == paa::fit_photo(photo, policy()).rgb);
  CHECK(paa::photo_view(photo, policy(), 7, 1).rgb == paa::mirror(paa::fit_photo(photo, policy())).rgb);
}

TEST_CASE("the other views are crops of 80 to 100 % of each side, the odd ones mirrored") {
  const Image photo = ramps(400, 300);
  double smallest = 1, largest = 0;
  for (std::uint32_t number = 0; number < 12; ++number) {
    for (int view = 2; view < 8; ++view) {
      const Image shown = paa::photo_view(photo, policy(), number, view);
      CAPTURE(number, view);
      REQUIRE((shown.width == 256 && shown.height == 224));
      const std::uint8_t *middle = shown.row(112), *last = shown.row(223) + 3 * 128, *first = shown.row(0) + 3 * 128;
      const double across = (middle[3 * 255] - middle[0]) / 255.0, down = (last[1] - first[1]) / 255.0;
      CHECK((across < 0) == (view % 2 == 1));
      CHECK(std::abs(across) > 0.78);
      CHECK(down > 0.78);
      CHECK(std::abs(std::abs(across) - down) < 0.03);
      smallest = std::min(smallest, down);
      largest = std::max(largest, down);
    }
  }
  CHECK(smallest < 0.85);
  CHECK(largest > 0.95);
}

TEST_CASE("a view is the same every time, and another for another number or photo") {
  const Image photo = ramps(400, 300);
  const auto view = [&](std::uint32_t number, int which) { return paa::photo_view(photo, policy(), number, which).rgb; };
  CHECK(view(3, 4) == view(3, 4));
  CHECK(view(3, 4) != view(3, 6));
  CHECK(view(3, 4) != view(4, 4));
}

TEST_CASE("a photo of one pixel has views") {
  const Image dot{1, 1, {10, 200, 30}};
  for (int view = 0; view < 5; ++view) {
    const Image shown = paa::photo_view(dot, policy(), 0, view);
    CHECK((shown.width == 256 && shown.rgb[0] == 10 && shown.rgb[1] == 200 && shown.rgb.back() == 30));
  }
}
