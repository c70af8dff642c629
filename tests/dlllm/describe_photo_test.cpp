#include "paa/dlllm/describe_photo.h"

#include "catch.h"
#include "paa/core/error.h"

using paa::describe_photo;
using paa::ImageStatistic;
using paa::ImageStatistics;

namespace {

const std::vector<std::string> kNames = {"tabby, tabby cat", "ice bear, polar bear", "seashore, coast", "sandbar"};

ImageStatistics middling() {
  ImageStatistics statistics;
  statistics.values = {0.48, 0.216, 0.336, 42.7, -0.309, 0.333};
  return statistics;
}

}  // namespace

TEST_CASE("A photo is described by what is likely enough", "[describe_photo]") {
  CHECK(describe_photo(kNames, {0.9F, 0.05F, 0.03F, 0.02F}, middling()) == "a tabby.");
  CHECK(describe_photo(kNames, {0.05F, 0.5F, 0.3F, 0.15F}, middling()) == "an ice bear, a seashore and a sandbar.");
  CHECK(describe_photo(kNames, {0.09F, 0.07F, 0.05F, 0.06F}, middling()) == "a tabby.");
  CHECK(describe_photo(kNames, {0.4F, 0.0F, 0.0F, 0.4F}, middling()) == "a tabby and a sandbar.");
}

TEST_CASE("What a photo looks like is said where it is far from typical", "[describe_photo]") {
  const std::vector<float> cat = {1, 0, 0, 0};
  ImageStatistics statistics = middling();
  statistics[ImageStatistic::kBrightness] = 0.1;
  CHECK(describe_photo(kNames, cat, statistics) == "a tabby. It is dark.");
  statistics[ImageStatistic::kWarmth] = -1;
  CHECK(describe_photo(kNames, cat, statistics) == "a tabby. It is dark, with cool colours.");
  statistics[ImageStatistic::kDetail] = 1;
  statistics[ImageStatistic::kContrast] = 0.26;
  CHECK(describe_photo(kNames, cat, statistics) == "a tabby. It is dark, with much fine detail and cool colours.");
  statistics = middling();
  statistics[ImageStatistic::kColourfulness] = 100;
  CHECK(describe_photo(kNames, cat, statistics) == "a tabby. It has many colours.");
}

TEST_CASE("What a photo may show counts by the square root of its probability", "[describe_photo]") {
  const auto contents = paa::likely_contents(kNames, {0.64F, 0.0F, 0.04F, 0.32F});
  REQUIRE(contents.size() == 4);
  CHECK(contents[0].text == "a tabby.");
  CHECK(contents[1].text == "a sandbar.");
  CHECK(contents[2].weight / contents[0].weight == Approx(0.25));
  CHECK(contents[3].weight == 0);
  double sum = 0;
  for (const auto& content : contents) sum += content.weight;
  CHECK(sum == Approx(1));
  CHECK(contents[2].probability == Approx(0.04));
  const auto many = paa::likely_contents(std::vector<std::string>(1000, "cat"), std::vector<float>(1000, 0.001F));
  REQUIRE(many.size() == 64);
  CHECK(many[7].weight == Approx(0.125));
  CHECK(many[8].weight == 0);
  CHECK(many[63].probability == Approx(0.001));
  CHECK_THROWS_AS(paa::likely_contents(kNames, {1.0F}), paa::Error);
}

TEST_CASE("A description needs a name for each class", "[describe_photo]") {
  CHECK_THROWS_AS(describe_photo({}, {}, middling()), paa::Error);
  CHECK_THROWS_AS(describe_photo(kNames, {0.5F, 0.5F}, middling()), paa::Error);
}
