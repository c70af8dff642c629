#include "paa/image/batch.h"

#include "catch.h"
#include "paa/core/error.h"

using paa::Image;

namespace {

const Image kFirst{2, 1, {10, 20, 30, 40, 50, 60}};
const Image kSecond{2, 1, {1, 2, 3, 4, 5, 6}};

}  // namespace

TEST_CASE("a batch is planes, normalised by channel, image after image") {
  const paa::Normalisation normalisation{{10, 0, 0}, {10, 2, 1}};
  const std::vector<Image> images = {kFirst, kSecond};
  const std::vector<float> expected = {0, 3, 10, 25, 30, 60, -0.9f, -0.6f, 1, 2.5f, 3, 6};
  CHECK(paa::to_nchw(images, normalisation) == expected);
}

TEST_CASE("a batch of different sizes, of none or of no pixels is refused") {
  CHECK_THROWS_AS(paa::to_nchw({}, {}), paa::Error);
  const std::vector<Image> mixed = {kFirst, Image{1, 2, {1, 2, 3, 4, 5, 6}}};
  CHECK_THROWS_WITH(paa::to_nchw(mixed, {}), "image 1 of the batch has 1 x 2 pixels, the first has 2 x 1");
  const std::vector<Image> nothing(2);
  CHECK_THROWS_AS(paa::to_nchw(nothing, {}), paa::Error);
}

TEST_CASE("planes need exactly their room") {
  std::vector<float> room(5);
  CHECK_THROWS_AS(paa::to_planes(kFirst, {}, room), paa::Error);
  room.resize(6);
  CHECK_NOTHROW(paa::to_planes(kFirst, {}, room));
}
