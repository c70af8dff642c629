// Photos cut off and photos with wrong bytes: an Error or an image, never a crash, never grey in place of what is
// missing.

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/image/decode.h"

#include "goldens.h"

namespace {

constexpr paa::DecodeLimits kSmall{1 << 20, 1 << 20};

std::uint32_t crc32(std::span<const std::byte> bytes) {
  std::uint32_t value = 0xFFFFFFFFu;
  for (const std::byte byte : bytes) {
    value ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320u : 0);
  }
  return ~value;
}

// Makes the checksums of a damaged PNG right again, so that the damage reaches the decoder.
void repair_checksums(std::vector<std::byte>& png) {
  std::size_t at = 8;
  while (at + 12 <= png.size()) {
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | std::to_integer<std::size_t>(png[at + i]);
    if (length > png.size() - at - 12) return;
    const std::uint32_t sum = crc32(std::span(png).subspan(at + 4, length + 4));
    for (int i = 0; i < 4; ++i) png[at + 8 + length + i] = static_cast<std::byte>(sum >> (24 - 8 * i));
    at += 12 + length;
  }
}

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

void damage(std::vector<std::byte>& bytes, Random& random) {
  constexpr std::array<unsigned, 8> kTelling = {0, 1, 0x7F, 0x80, 0xFF, 0xFE, 0x10, 0xDA};
  // Headers are where the decisions are.
  const std::size_t reach = below(random, 2) == 0 ? std::min<std::size_t>(bytes.size(), 200) : bytes.size();
  for (std::size_t left = 1 + below(random, 6); left > 0; --left) {
    std::byte& byte = bytes[below(random, reach)];
    switch (below(random, 3)) {
      case 0: byte ^= static_cast<std::byte>(1u << below(random, 8)); break;
      case 1: byte = static_cast<std::byte>(random()); break;
      default: byte = static_cast<std::byte>(kTelling[below(random, kTelling.size())]); break;
    }
  }
  const std::size_t action = below(random, 10);
  if (action == 0) bytes.resize(1 + below(random, bytes.size()));
  if (action == 1) {
    const std::size_t from = below(random, bytes.size());
    bytes.erase(bytes.begin() + from, bytes.begin() + std::min(bytes.size(), from + 1 + below(random, 40)));
  }
  if (action == 2) {
    const std::size_t from = below(random, bytes.size());
    const std::vector<std::byte> part(bytes.begin() + from, bytes.begin() + std::min(bytes.size(), from + 100));
    bytes.insert(bytes.begin() + below(random, bytes.size()), part.begin(), part.end());
  }
}

// Decodes `rounds` damaged photos; the seed makes every run the same.
void decode_damaged(int rounds, unsigned seed) {
  Random random(seed);
  std::vector<std::vector<std::byte>> photos;
  for (const auto& golden : goldens().decoded) photos.push_back(fixture(golden.file));
  int images = 0;
  int errors = 0;
  for (int round = 0; round < rounds; ++round) {
    auto bytes = photos[below(random, photos.size())];
    damage(bytes, random);
    if (bytes.size() > 8 && bytes[1] == std::byte{'P'} && below(random, 8) != 0) repair_checksums(bytes);
    try {
      const auto image = paa::decode_image(bytes, "photo", kSmall);
      REQUIRE(image.width >= 1);
      REQUIRE(image.height >= 1);
      REQUIRE(image.rgb.size() == std::size_t{3} * image.width * image.height);
      ++images;
    } catch (const paa::Error& error) {
      REQUIRE(error.code() != paa::ErrorCode::kInternal);
      REQUIRE(std::string_view(error.what()).starts_with("photo: "));
      ++errors;
    }
  }
  CHECK(images > rounds / 20);
  CHECK(errors > rounds / 20);
}

}  // namespace

TEST_CASE("a photo cut off anywhere is an error, unless only its trailer is missing") {
  for (const auto& golden : goldens().decoded) {
    INFO(golden.file);
    const auto bytes = fixture(golden.file);
    const auto whole = paa::decode_image(bytes, "photo");
    const bool needs_its_end = golden.file.ends_with(".jpg") || golden.file.ends_with(".png") ||
                               golden.file.ends_with(".psd") || golden.file.ends_with(".ppm") ||
                               golden.file.ends_with(".pgm");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      INFO("cut to " << size << " of " << bytes.size());
      try {
        const auto image = paa::decode_image(std::span(bytes).first(size), "photo");
        REQUIRE_FALSE(needs_its_end);
        REQUIRE(image.rgb == whole.rgb);
      } catch (const paa::Error& error) {
        REQUIRE(error.code() == paa::ErrorCode::kBadFormat);
      }
    }
  }
}

TEST_CASE("one wrong bit anywhere in a PNG is noticed") {
  const auto bytes = fixture("png-palette-16.png");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto wrong = bytes;
    wrong[at] ^= std::byte{4};
    INFO("byte " << at);
    CHECK_THROWS_AS(paa::decode_image(wrong, "photo"), paa::Error);
  }
}

TEST_CASE("a PNG with a chunk that must be known and is not is refused; one that may be ignored is") {
  constexpr std::size_t kAfterHeader = 33;
  const auto plain = fixture("png-rgb.png");
  for (const std::string_view type : {"QQQQ", "qqQq"}) {
    auto png = plain;
    std::vector<std::byte> chunk(12);
    std::memcpy(chunk.data() + 4, type.data(), 4);
    png.insert(png.begin() + kAfterHeader, chunk.begin(), chunk.end());
    repair_checksums(png);
    if (type == "QQQQ") {
      CHECK_THROWS_WITH(paa::decode_image(png, "photo"), Catch::Matchers::Contains("chunk"));
    } else {
      CHECK(paa::decode_image(png, "photo").rgb == paa::decode_image(plain, "photo").rgb);
    }
  }
}

TEST_CASE("a JPEG whose scan is missing or leaves a colour out is refused") {
  const auto bytes = fixture("jpeg-444.jpg");
  std::vector<std::byte> no_scan(bytes.begin(), bytes.begin() + find_marker(bytes, 0xDA));
  no_scan.push_back(std::byte{0xFF});
  no_scan.push_back(std::byte{0xD9});
  CHECK_THROWS_WITH(paa::decode_image(no_scan, "photo"), Catch::Matchers::Contains("has no data"));

  auto one_colour = bytes;
  const std::size_t scan = find_marker(bytes, 0xDA);
  REQUIRE(one_colour[scan + 4] == std::byte{3});
  one_colour[scan + 7] = one_colour[scan + 5];
  CHECK_THROWS_WITH(paa::decode_image(one_colour, "photo"), Catch::Matchers::Contains("component 2 has no data"));
}

TEST_CASE("a JPEG of very many scans is refused") {
  auto bytes = fixture("jpeg-progressive.jpg");
  REQUIRE(bytes.back() == std::byte{0xD9});
  bytes.resize(bytes.size() - 2);
  constexpr std::string_view kScan("\xFF\xDA\0\x08\1\1\0\0\0\0", 10);
  for (int i = 0; i < 200; ++i) {
    for (const char c : kScan) bytes.push_back(static_cast<std::byte>(c));
  }
  bytes.push_back(std::byte{0xFF});
  bytes.push_back(std::byte{0xD9});
  CHECK_THROWS_WITH(paa::decode_image(bytes, "photo"), Catch::Matchers::Contains("scans"));
}

TEST_CASE("damaged photos end in an image or an Error") { decode_damaged(6000, 1); }

TEST_CASE("a great many damaged photos end in an image or an Error", "[nightly]") {
  for (unsigned seed = 2; seed < 22; ++seed) decode_damaged(20000, seed);
}
