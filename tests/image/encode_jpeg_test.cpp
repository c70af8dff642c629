#include "paa/image/encode_jpeg.h"

#include <cstdlib>
#include <span>

#include "catch.h"
#include "paa/image/decode.h"

namespace {

// Red grows to the right, green downwards.
paa::Image gradient(int width, int height) {
  paa::Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.rgb.insert(image.rgb.end(), {static_cast<std::uint8_t>(255 * x / width),
                                         static_cast<std::uint8_t>(255 * y / height), std::uint8_t{80}});
    }
  }
  return image;
}

paa::Image thumbnail_of(const paa::Image& image, int side) {
  const std::string jpeg = paa::encode_jpeg(image, side);
  return paa::decode_image(std::as_bytes(std::span(jpeg)), "thumbnail");
}

}  // namespace

TEST_CASE("a thumbnail keeps the aspect and the longer side's limit") {
  const auto wide = thumbnail_of(gradient(900, 300), 300);
  CHECK(wide.width == 300);
  CHECK(wide.height == 100);
  const auto thread = thumbnail_of(gradient(2000, 1), 300);
  CHECK(thread.width == 300);
  CHECK(thread.height == 1);
}

TEST_CASE("a small photo is not enlarged") {
  const auto small = thumbnail_of(gradient(20, 10), 300);
  CHECK(small.width == 20);
  CHECK(small.height == 10);
}

TEST_CASE("a thumbnail shows the photo") {
  const auto expected = gradient(200, 150);
  const auto shown = thumbnail_of(gradient(800, 600), 200);
  REQUIRE(shown.rgb.size() == expected.rgb.size());
  double difference = 0;
  for (std::size_t i = 0; i < shown.rgb.size(); ++i) difference += std::abs(shown.rgb[i] - expected.rgb[i]);
  CHECK(difference / static_cast<double>(shown.rgb.size()) < 3);
}

TEST_CASE("the same photo gives the same thumbnail") {
  CHECK(paa::encode_jpeg(gradient(500, 400), 100) == paa::encode_jpeg(gradient(500, 400), 100));
}
