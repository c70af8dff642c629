#include "paa/image/orientation.h"

#include <string_view>
#include <vector>

#include "catch.h"

using paa::Image;
using paa::Orientation;
using std::string_view_literals::operator""sv;

namespace {

// 3 x 2 pixels, each with its own number: 1 2 3 / 4 5 6.
Image numbered() {
  Image image{3, 2, {}};
  for (std::uint8_t i = 1; i <= 6; ++i) image.rgb.insert(image.rgb.end(), {i, i, i});
  return image;
}

std::vector<int> numbers(const Image& image) {
  std::vector<int> result;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) result.push_back(image.rgb[i]);
  return result;
}

int orientation_in(std::string_view exif) {
  return static_cast<int>(paa::exif_orientation(std::as_bytes(std::span(exif))));
}

}  // namespace

TEST_CASE("each orientation moves every pixel where EXIF says") {
  const std::pair<Orientation, std::vector<int>> cases[] = {
      {Orientation::kUpright, {1, 2, 3, 4, 5, 6}},    {Orientation::kMirror, {3, 2, 1, 6, 5, 4}},
      {Orientation::kRotate180, {6, 5, 4, 3, 2, 1}},  {Orientation::kFlip, {4, 5, 6, 1, 2, 3}},
      {Orientation::kTranspose, {1, 4, 2, 5, 3, 6}},  {Orientation::kRotate90, {4, 1, 5, 2, 6, 3}},
      {Orientation::kTransverse, {6, 3, 5, 2, 4, 1}}, {Orientation::kRotate270, {3, 6, 2, 5, 1, 4}}};
  for (const auto& [orientation, expected] : cases) {
    INFO(static_cast<int>(orientation));
    const Image image = paa::orient(numbered(), orientation);
    const bool swaps = orientation >= Orientation::kTranspose;
    CHECK(image.width == (swaps ? 2 : 3));
    CHECK(image.height == (swaps ? 3 : 2));
    CHECK(numbers(image) == expected);
  }
}

TEST_CASE("turning there and back gives the same picture, also beyond one tile") {
  Image image{70, 41, {}};
  for (int i = 0; i < 3 * 70 * 41; ++i) image.rgb.push_back(static_cast<std::uint8_t>(i * 7919));
  for (const auto orientation : {Orientation::kMirror, Orientation::kRotate180, Orientation::kFlip,
                                 Orientation::kTranspose, Orientation::kTransverse}) {
    CHECK(paa::orient(paa::orient(image, orientation), orientation).rgb == image.rgb);
  }
  CHECK(paa::orient(paa::orient(image, Orientation::kRotate90), Orientation::kRotate270).rgb == image.rgb);
}

TEST_CASE("the orientation is read in both byte orders, as a short or a long, behind other tags") {
  CHECK(orientation_in("II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"sv) == 6);
  CHECK(orientation_in("MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x08\0\0"sv) == 8);
  CHECK(orientation_in("II*\0\x08\0\0\0\1\0\x12\1\4\0\1\0\0\0\3\0\0\0"sv) == 3);
  CHECK(orientation_in("MM\0*\0\0\0\x0A??\0\2\1\x0F\0\2\0\0\0\4abc\0\1\x12\0\3\0\0\0\1\0\5\0\0"sv) == 5);
}

TEST_CASE("a damaged or senseless EXIF block leaves the photo as it is stored") {
  for (const auto exif :
       {""sv, "II"sv, "XX*\0\x08\0\0\0"sv, "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0"sv, "II*\0\xFF\xFF\xFF\xFF\1\0"sv,
        "II*\0\0\0\0\0\1\0"sv, "II*\0\x08\0\0\0\xFF\xFF"sv, "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\0\0\0\0"sv,
        "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0"sv,
        "II*\0\x08\0\0\0\1\0\x12\1\4\0\1\0\0\0\xFF\xFF\xFF\xFF"sv}) {
    CHECK(orientation_in(exif) == 1);
  }
}
