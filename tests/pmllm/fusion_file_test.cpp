// The fusion file's configuration and the photo policies.

#include "paa/pmllm/fusion_file.h"

#include "catch.h"
#include "paa/checkpoint/safetensors.h"

using paa::Error;
using paa::Image;
using paa::PhotoPolicy;

namespace {

std::string shipped(const char* name = "oasis-demographics.safetensors") {
  const auto file = paa::Safetensors::open(std::filesystem::path(PAA_TEST_DATA).parent_path().parent_path().parent_path() /
                                           "examples" / "models" / name);
  return file.metadata().at("paa.fusion");
}

Image blank(int width, int height) {
  return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(3) * width * height, 90)};
}

}  // namespace

TEST_CASE("the shipped fusion file says how it is to be used") {
  const paa::FusionConfig config = paa::parse_fusion_config(shipped(), "shipped");
  CHECK((config.layers == std::vector<int>{22, 26}));
  CHECK(config.width == 64);
  CHECK(config.rating_words[4] == " excellent");
  CHECK(config.photo.width == 256);
  CHECK(config.photo.height == 224);
  CHECK(config.wording.generic == "anyone.");
  CHECK_FALSE(config.data_note.empty());
}

TEST_CASE("the default model's fusion file can be read") {
  const paa::FusionConfig config = paa::parse_fusion_config(shipped("oasis.safetensors"), "shipped");
  CHECK(config.rating_words[4] == " excellent");
  CHECK(config.scale_low == 1);
  CHECK(config.scale_high == 7);
  CHECK_FALSE(config.layers.empty());
}

TEST_CASE("a fusion file may have a taste fusion") {
  paa::Json json = paa::Json::parse(shipped());
  CHECK_FALSE(paa::parse_fusion_config(json.dump(), "x").taste);
  json["taste"] = {{"width", 8}, {"reader", {{"width", 12}, {"heads", 3}}}};
  const auto taste = paa::parse_fusion_config(json.dump(), "x").taste;
  REQUIRE(taste);
  CHECK((taste->width == 8 && taste->reader_width == 12 && taste->reader_heads == 3 && taste->reading == 256));
}

TEST_CASE("a wrong configuration is refused by its key") {
  const auto refused = [](const char* pointer, const paa::Json& value) {
    paa::Json json = paa::Json::parse(shipped());
    json[paa::Json::json_pointer(pointer)] = value;
    try {
      paa::parse_fusion_config(json.dump(), "x");
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  CHECK(refused("/format", "other").find("format") != std::string::npos);
  CHECK(refused("/version", 2).find("version 2") != std::string::npos);
  CHECK(refused("/layers", {26, 22}).find("layers") != std::string::npos);
  CHECK(refused("/layers", paa::Json::array()).find("layers") != std::string::npos);
  CHECK(refused("/gate/granularity", "cell").find("gate.granularity") != std::string::npos);
  CHECK(refused("/gate/inputs", {"smell"}).find("smell") != std::string::npos);
  CHECK(refused("/taste", {{"kind", "guess"}}).find("taste.kind") != std::string::npos);
  CHECK(refused("/taste", {{"width", 0}}).find("taste.width") != std::string::npos);
  CHECK(refused("/taste", {{"reader", {{"heads", 3}, {"width", 8}}}}).find("taste.reader.width") != std::string::npos);
  CHECK(refused("/update", "sideways").find("update") != std::string::npos);
  CHECK(refused("/readout/words", {"a", "b"}).find("words") != std::string::npos);
  CHECK(refused("/scale", {7, 1}).find("scale") != std::string::npos);
  CHECK(refused("/photo/policy", "round").find("policy") != std::string::npos);
  CHECK(refused("/photo/width", 0).find("width") != std::string::npos);
  CHECK(refused("/photo/filter", "magic") != "accepted");
  CHECK(refused("/surprise", 1).find("surprise") != std::string::npos);
  CHECK(refused("/prompt/suffix", "").find("suffix") != std::string::npos);
}

TEST_CASE("the fixed policy ignores the photo's shape") {
  PhotoPolicy policy;
  policy.width = 256;
  policy.height = 224;
  const Image fitted = paa::fit_photo(blank(100, 300), policy);
  CHECK(fitted.width == 256);
  CHECK(fitted.height == 224);
}

TEST_CASE("the aspect policy keeps the shape in whole cells, and is idempotent") {
  PhotoPolicy policy;
  policy.kind = PhotoPolicy::Kind::kAspect;
  policy.max_cells = 56;
  const auto [width, height] = GENERATE(table<int, int>({{500, 400}, {400, 500}, {300, 300}, {40, 3000}, {1, 1}, {4000, 3000}}));
  const Image fitted = paa::fit_photo(blank(width, height), policy);
  const int cells = fitted.width / 32 * (fitted.height / 32);
  CHECK(fitted.width % 32 == 0);
  CHECK(fitted.height % 32 == 0);
  CHECK(cells <= 56);
  CHECK(cells > 28);
  if (width < 10 * height && height < 10 * width) {
    CHECK(double(fitted.width) / fitted.height == Approx(double(width) / height).epsilon(0.15));
  }
  const Image again = paa::fit_photo(fitted, policy);
  CHECK(again.width == fitted.width);
  CHECK(again.height == fitted.height);
}

TEST_CASE("an empty image is refused") { CHECK_THROWS_AS(paa::fit_photo(Image{}, PhotoPolicy{}), Error); }
