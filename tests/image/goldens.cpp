#include "goldens.h"

#include <filesystem>
#include <stdexcept>

#include "paa/core/file.h"
#include "paa/core/json.h"

namespace {

constexpr std::uint64_t kMaxBytes = 1 << 22;

paa::Image image_at(const std::vector<std::byte>& pixels, const paa::JsonReader& place) {
  paa::Image image{place.get<int>("width"), place.get<int>("height"), {}};
  image.rgb.resize(std::size_t{3} * image.width * image.height);
  const auto offset = place.get<std::uint64_t>("offset");
  for (std::size_t i = 0; i < image.rgb.size(); ++i)
    image.rgb[i] = std::to_integer<std::uint8_t>(pixels.at(offset + i));
  return image;
}

Goldens load() {
  const auto json = paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "goldens.json");
  const auto pixels = fixture("pixels.bin");
  Goldens goldens;
  for (const auto& entry : json.at("decoded")) {
    const paa::JsonReader reader(entry, "goldens.json");
    goldens.decoded.push_back({reader.get<std::string>("file"), image_at(pixels, reader),
                               reader.get<int>("max_difference"), reader.get<double>("mean_difference")});
  }
  for (const auto& entry : json.at("resized")) {
    const paa::JsonReader reader(entry, "goldens.json");
    goldens.resized.push_back({image_at(pixels, reader.object("source")), reader.get<std::string>("filter"),
                               image_at(pixels, reader.object("result"))});
  }
  return goldens;
}

}  // namespace

const Goldens& goldens() {
  static const Goldens loaded = load();
  return loaded;
}

std::vector<std::byte> fixture(const std::string& file) {
  return paa::read_file(std::filesystem::path(PAA_TEST_DATA) / file, kMaxBytes);
}

std::size_t find_marker(const std::vector<std::byte>& jpeg, unsigned marker) {
  for (std::size_t at = 0; at + 1 < jpeg.size(); ++at) {
    if (jpeg[at] == std::byte{0xFF} && jpeg[at + 1] == static_cast<std::byte>(marker)) return at;
  }
  throw std::runtime_error("no such marker in the JPEG");
}
