#include "paa/image/resample.h"

#include "catch.h"
#include "paa/core/error.h"

#include "goldens.h"

using paa::Filter;
using paa::Image;

namespace {

Image filled(int width, int height, std::uint8_t level) {
  Image image{width, height, {}};
  image.rgb.assign(std::size_t{3} * width * height, level);
  return image;
}

constexpr Filter kFilters[] = {Filter::kBox, Filter::kBilinear, Filter::kBicubic, Filter::kLanczos};

}  // namespace

TEST_CASE("resizing gives Pillow's pixels, bit for bit") {
  REQUIRE(goldens().resized.size() > 60);
  for (const auto& golden : goldens().resized) {
    INFO(golden.filter << " " << golden.source.width << " x " << golden.source.height << " to " << golden.result.width
                       << " x " << golden.result.height);
    const Image image =
        paa::resize(golden.source, golden.result.width, golden.result.height, paa::parse_filter(golden.filter));
    CHECK(image.width == golden.result.width);
    CHECK(image.height == golden.result.height);
    CHECK(image.rgb == golden.result.rgb);
  }
}

TEST_CASE("one colour stays that colour at every size") {
  for (const Filter filter : kFilters) {
    for (const std::uint8_t level : {0, 1, 127, 254, 255}) {
      for (const auto& [width, height] : {std::pair{1, 1}, {13, 200}, {300, 3}}) {
        CHECK(paa::resize(filled(57, 31, level), width, height, filter).rgb == filled(width, height, level).rgb);
      }
    }
  }
}

TEST_CASE("a picture of very many columns shrinks without overflow") {
  for (const Filter filter : kFilters) {
    CHECK(paa::resize(filled(100000, 1, 255), 2, 1, filter).rgb == filled(2, 1, 255).rgb);
    CHECK(paa::resize(filled(1, 100000, 255), 1, 2, filter).rgb == filled(1, 2, 255).rgb);
  }
}

TEST_CASE("filters have names") {
  for (const Filter filter : kFilters) CHECK(paa::parse_filter(paa::to_string(filter)) == filter);
  CHECK_THROWS_WITH(paa::parse_filter("nearest"),
                    "\"nearest\" is not a filter; box, bilinear, bicubic and lanczos are");
}

TEST_CASE("sizes that make no picture are refused") {
  const auto code_of = [](const Image& image, int width, int height) {
    try {
      paa::resize(image, width, height, Filter::kBox);
    } catch (const paa::Error& error) {
      return error.code();
    }
    return paa::ErrorCode::kInternal;
  };
  const Image image = filled(4, 4, 9);
  CHECK(code_of(image, 0, 4) == paa::ErrorCode::kInvalidArgument);
  CHECK(code_of(image, 4, -1) == paa::ErrorCode::kInvalidArgument);
  CHECK(code_of(Image{}, 4, 4) == paa::ErrorCode::kInvalidArgument);
  CHECK(code_of(Image{4, 4, {1, 2, 3}}, 4, 4) == paa::ErrorCode::kInvalidArgument);
  CHECK(code_of(image, 1 << 15, (1 << 13) + 1) == paa::ErrorCode::kLimitExceeded);
  CHECK(code_of(filled(1, 100, 0), 1 << 28, 1) == paa::ErrorCode::kLimitExceeded);
}

TEST_CASE("a crop is the pixels inside it") {
  const auto& photo = goldens().resized.front().source;
  const Image part = paa::crop(photo, 5, 3, 7, 4);
  REQUIRE(part.width == 7);
  REQUIRE(part.height == 4);
  for (int y = 0; y < 4; ++y) {
    CHECK(std::equal(part.row(y), part.row(y) + 21, photo.row(y + 3) + 15));
  }
  CHECK(paa::crop(photo, 0, 0, photo.width, photo.height).rgb == photo.rgb);
}

TEST_CASE("a crop that leaves the image is refused") {
  const Image image = filled(4, 3, 0);
  const std::array<int, 4> wrong[] = {{-1, 0, 2, 2}, {0, -1, 2, 2}, {3, 0, 2, 2},          {0, 2, 2, 2},
                                      {0, 0, 0, 1},  {0, 0, 1, 0},  {1, 1, 2147483647, 1}, {2147483647, 0, 1, 1}};
  for (const auto& [x, y, width, height] : wrong) CHECK_THROWS_AS(paa::crop(image, x, y, width, height), paa::Error);
}

TEST_CASE("a mirror image has the pixels of each row in reverse, and mirrored twice it is the photo") {
  const auto& photo = goldens().resized.front().source;
  const Image turned = paa::mirror(photo);
  REQUIRE((turned.width == photo.width && turned.height == photo.height && turned.rgb != photo.rgb));
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const std::uint8_t *from = photo.row(y) + 3 * x, *to = turned.row(y) + 3 * (photo.width - 1 - x);
      REQUIRE(std::equal(from, from + 3, to));
    }
  }
  CHECK(paa::mirror(turned).rgb == photo.rgb);
}
