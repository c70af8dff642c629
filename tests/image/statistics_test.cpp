#include "paa/image/statistics.h"

#include <algorithm>
#include <filesystem>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/json.h"
#include "paa/image/decode.h"
#include "paa/image/resample.h"

using paa::Image;
using paa::ImageStatistic;

namespace {

const std::filesystem::path kData = PAA_TEST_DATA;

Image filled(int width, int height, std::array<std::uint8_t, 3> colour) {
  Image image{width, height, {}};
  for (int i = 0; i < width * height; ++i) image.rgb.insert(image.rgb.end(), colour.begin(), colour.end());
  return image;
}

Image chelsea() { return paa::read_image(kData / "statistics-chelsea.png"); }

template <class Change>
Image changed(Image image, const Change& change) {
  for (auto& level : image.rgb) level = static_cast<std::uint8_t>(std::clamp<int>(change(level), 0, 255));
  return image;
}

double value(const Image& image, ImageStatistic statistic) { return paa::image_statistics(image)[statistic]; }

}  // namespace

TEST_CASE("a photo's statistics are those that scikit-image and Pillow give") {
  const auto json = paa::read_json(kData / "statistics.json");
  REQUIRE(json.at("photos").size() >= 8);
  for (const auto& golden : json.at("photos")) {
    const auto file = golden.at("file").get<std::string>();
    const auto found = paa::image_statistics(paa::read_image(kData / file));
    for (std::size_t i = 0; i < paa::kImageStatisticCount; ++i) {
      INFO(file << " " << paa::kImageStatisticNames[i]);
      // scikit-image's matrix from sRGB is another by one in the last digit, so a gradient or two may fall otherwise.
      const double margin = i == static_cast<std::size_t>(ImageStatistic::kDetail) ? 1e-4 : 1e-6;
      CHECK(found.values[i] == Approx(golden.at(paa::kImageStatisticNames[i]).get<double>()).margin(margin));
    }
  }
}

TEST_CASE("statistics have names") {
  for (std::size_t i = 0; i < paa::kImageStatisticCount; ++i) {
    CHECK(paa::find_image_statistic(paa::kImageStatisticNames[i]) == static_cast<ImageStatistic>(i));
  }
  CHECK_FALSE(paa::find_image_statistic("sharpness"));
}

TEST_CASE("plain colours have the statistics one expects") {
  const auto black = paa::image_statistics(filled(9, 7, {0, 0, 0}));
  const auto white = paa::image_statistics(filled(9, 7, {255, 255, 255}));
  CHECK(black[ImageStatistic::kBrightness] == Approx(0).margin(1e-6));
  CHECK(white[ImageStatistic::kBrightness] == Approx(1).margin(1e-6));
  for (const auto& plain : {black, white}) {
    for (const auto statistic : {ImageStatistic::kContrast, ImageStatistic::kSaturation,
                                 ImageStatistic::kColourfulness, ImageStatistic::kDetail}) {
      CHECK(plain[statistic] == Approx(0).margin(1e-6));
    }
    CHECK(plain[ImageStatistic::kWarmth] == Approx(-0.5).margin(0.01));
  }
  CHECK(value(filled(5, 5, {250, 120, 20}), ImageStatistic::kWarmth) > 0.5);
  CHECK(value(filled(5, 5, {20, 120, 250}), ImageStatistic::kWarmth) < -1);
}

TEST_CASE("each statistic answers to what it is named after") {
  const Image photo = chelsea();
  const auto lighter = changed(photo, [](int x) { return x + 40; });
  CHECK(value(lighter, ImageStatistic::kBrightness) > value(photo, ImageStatistic::kBrightness) + 0.1);
  const auto flatter = changed(photo, [](int x) { return 120 + (x - 120) / 3; });
  CHECK(value(flatter, ImageStatistic::kContrast) < value(photo, ImageStatistic::kContrast) / 2);
  CHECK(value(flatter, ImageStatistic::kDetail) < value(photo, ImageStatistic::kDetail));
  Image grey = photo;
  for (std::size_t i = 0; i < grey.rgb.size(); i += 3) grey.rgb[i] = grey.rgb[i + 2] = grey.rgb[i + 1];
  CHECK(value(grey, ImageStatistic::kSaturation) == 0);
  CHECK(value(grey, ImageStatistic::kColourfulness) == 0);
  CHECK(value(photo, ImageStatistic::kColourfulness) > 15);
}

TEST_CASE("mirroring changes no statistic, enlarging hardly any") {
  const Image photo = chelsea();
  Image mirrored = photo;
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) std::copy_n(photo.row(y) + 3 * x, 3, mirrored.row(y) + 3 * (photo.width - 1 - x));
  }
  const Image twice = paa::resize(photo, 4 * photo.width, 4 * photo.height, paa::Filter::kBilinear);
  const auto before = paa::image_statistics(photo), same = paa::image_statistics(mirrored),
             larger = paa::image_statistics(twice);
  for (std::size_t i = 0; i < paa::kImageStatisticCount; ++i) {
    INFO(paa::kImageStatisticNames[i]);
    CHECK(same.values[i] == Approx(before.values[i]).epsilon(0.002));
    const bool edges = i == static_cast<std::size_t>(ImageStatistic::kDetail);  // twice enlarged, edges are softer
    CHECK(larger.values[i] == Approx(before.values[i]).epsilon(edges ? 0.1 : 0.05));
  }
}

TEST_CASE("very long photos have statistics, empty ones are refused") {
  for (const double number : paa::image_statistics(filled(3000, 1, {10, 200, 30})).values) CHECK(std::isfinite(number));
  CHECK_THROWS_WITH(paa::image_statistics(Image{}),
                    "an image of 0 x 0 pixels and 0 bytes has no statistics; give one with 3 bytes a pixel");
  CHECK_THROWS_AS(paa::image_statistics(Image{4, 4, {1, 2, 3}}), paa::Error);
}
