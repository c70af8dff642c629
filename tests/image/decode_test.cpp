#include "paa/image/decode.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "catch.h"
#include "paa/core/error.h"

#include "goldens.h"

using paa::DecodeLimits;
using paa::ErrorCode;
using std::string_view_literals::operator""sv;

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// What decoding says: the code and the message.
std::pair<ErrorCode, std::string> refusal(const std::vector<std::byte>& bytes, const DecodeLimits& limits = {}) {
  try {
    paa::decode_image(bytes, "photo", limits);
  } catch (const paa::Error& error) {
    return {error.code(), error.what()};
  }
  FAIL("was decoded");
  return {};
}

void patch(std::vector<std::byte>& bytes, std::size_t at, std::string_view with) {
  REQUIRE(at + with.size() <= bytes.size());
  std::memcpy(bytes.data() + at, with.data(), with.size());
}

}  // namespace

TEST_CASE("every format decodes to the oracle's pixels") {
  REQUIRE(goldens().decoded.size() > 60);
  for (const auto& golden : goldens().decoded) {
    INFO(golden.file);
    const auto image = paa::decode_image(fixture(golden.file), golden.file);
    CHECK(image.width == golden.pixels.width);
    CHECK(image.height == golden.pixels.height);
    REQUIRE(image.rgb.size() == golden.pixels.rgb.size());
    int largest = 0;
    double total = 0;
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
      const int difference = std::abs(image.rgb[i] - golden.pixels.rgb[i]);
      largest = std::max(largest, difference);
      total += difference;
    }
    CHECK(largest <= golden.max_difference);
    CHECK(total / static_cast<double>(image.rgb.size()) <= golden.mean_difference);
  }
}

TEST_CASE("a photo is known by its content, not by its name") {
  const auto path = std::filesystem::temp_directory_path() / "paa-decode-test-png.jpg";
  std::filesystem::copy_file(std::filesystem::path(PAA_TEST_DATA) / "png-rgb.png", path,
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(paa::read_image(path).rgb == paa::decode_image(fixture("png-rgb.png"), "png").rgb);
  std::filesystem::remove(path);
}

TEST_CASE("bytes after the end of a photo do not matter") {
  for (const auto& golden : goldens().decoded) {
    INFO(golden.file);
    auto bytes = fixture(golden.file);
    const auto image = paa::decode_image(bytes, "photo");
    bytes.resize(bytes.size() + 100, std::byte{0xFF});
    CHECK(paa::decode_image(bytes, "photo").rgb == image.rgb);
  }
}

TEST_CASE("formats that are not decoded are named, with what to do") {
  const std::pair<const char*, const char*> files[] = {{"refused.webp", "WebP"},
                                                       {"refused.avif", "AVIF"},
                                                       {"refused.tiff", "TIFF"},
                                                       {"refused.ico", "Windows icon"},
                                                       {"refused.jpeg2000", "JPEG 2000"}};
  for (const auto& [file, name] : files) {
    const auto [code, message] = refusal(fixture(file));
    CHECK(code == ErrorCode::kUnsupported);
    CHECK(message.starts_with(std::string("photo: is a ") + name));
    CHECK(message.ends_with("save it as JPEG or PNG"));
  }
  const std::pair<std::string_view, const char*> heads[] = {{"\0\0\0\x18"
                                                             "ftypheic\0\0\0\0mif1heic"sv,
                                                             "HEIC"},
                                                            {"\0\0\0\x18"
                                                             "ftypmif1\0\0\0\0mif1heic"sv,
                                                             "HEIC"},
                                                            {"\0\0\0\x1C"
                                                             "ftypmif1\0\0\0\0mif1avifmiaf"sv,
                                                             "AVIF"},
                                                            {"\0\0\0\x18"
                                                             "ftypcrx \0\0\0\1crx isom"sv,
                                                             "camera raw (CR3)"},
                                                            {"\0\0\0\x0CJXL \r\n\x87\n\0\0\0"sv, "JPEG XL"},
                                                            {"\xFF\x0A\x00\x00\x00"sv, "JPEG XL"},
                                                            {"FUJIFILMCCD-RAW 0201"sv, "camera raw (RAF)"},
                                                            {"<svg xmlns"sv, "SVG"}};
  for (const auto& [head, name] : heads) {
    const auto [code, message] = refusal(bytes_of(head));
    CHECK(code == ErrorCode::kUnsupported);
    CHECK(message.find(name) != std::string::npos);
  }
}

TEST_CASE("what is no photo is refused") {
  CHECK(refusal({}).first == ErrorCode::kBadFormat);
  CHECK(refusal({}).second == "photo: is empty, not a photo");
  for (const auto text :
       {"hello, world, this is a text and no photo"sv, "\0"sv, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv,
        "{\"json\": true, \"long\": \"enough for a header\"}"sv,
        "\x7F"
        "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0"sv}) {
    const auto [code, message] = refusal(bytes_of(text));
    CHECK(code == ErrorCode::kBadFormat);
    CHECK(message.starts_with("photo: is not a photo"));
  }
}

TEST_CASE("variants of a format that would be decoded wrongly are refused") {
  CHECK(refusal(fixture("refused-cmyk-without-adobe.jpg")).first == ErrorCode::kUnsupported);

  auto arithmetic = fixture("jpeg-444.jpg");
  const auto frame = arithmetic.begin() + find_marker(arithmetic, 0xC0);
  frame[1] = std::byte{0xC9};
  CHECK(refusal(arithmetic).first == ErrorCode::kUnsupported);
  frame[1] = std::byte{0xC3};
  CHECK(refusal(arithmetic).first == ErrorCode::kUnsupported);
  frame[1] = std::byte{0xC0};
  frame[4] = std::byte{12};
  CHECK(refusal(arithmetic).first == ErrorCode::kUnsupported);

  auto packed_bmp = fixture("bmp-palette.bmp");
  patch(packed_bmp, 30, "\1"sv);
  CHECK(refusal(packed_bmp).first == ErrorCode::kUnsupported);

  auto lab_psd = fixture("psd-plain.psd");
  patch(lab_psd, 25, "\x09"sv);
  CHECK(refusal(lab_psd).first == ErrorCode::kUnsupported);

  CHECK(refusal(bytes_of("P3 1 1 255 1 2 3\n"sv)).first == ErrorCode::kUnsupported);
  CHECK(refusal(bytes_of("P7\nWIDTH 1\n"sv)).first == ErrorCode::kUnsupported);
}

TEST_CASE("a photo over the limits is refused before it is decoded") {
  for (const auto& golden : goldens().decoded) {
    INFO(golden.file);
    const auto bytes = fixture(golden.file);
    const auto pixels = static_cast<std::uint64_t>(golden.pixels.width) * golden.pixels.height;
    CHECK_NOTHROW(paa::decode_image(bytes, "photo", {bytes.size(), pixels}));
    CHECK(refusal(bytes, {bytes.size() - 1, pixels}).first == ErrorCode::kLimitExceeded);
    CHECK(refusal(bytes, {bytes.size(), pixels - 1}).first == ErrorCode::kLimitExceeded);
  }
  CHECK_THROWS_AS(paa::read_image(std::filesystem::path(PAA_TEST_DATA) / "png-rgb.png", {10, 10}), paa::Error);
}

TEST_CASE("a header that claims a huge picture costs no memory") {
  const DecodeLimits no_limits{UINT64_MAX, UINT64_MAX};
  for (
      const auto text :
      {"P6 16777216 16777216 65535\n"sv, "P5 99999999 99999999 255\n"sv,
       "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xFF\xFF\xFF\x00\xFF\xFF\xFF\x00\1\0\x20\0\0\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv,
       "8BPS\0\1\0\0\0\0\0\0\0\3\0\xFF\xFF\xFF\0\xFF\xFF\xFF\0\x08\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\1"sv,
       "\0\0\2\0\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\x20\x08"sv, "GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\1\0\1\0\0\2\0"sv}) {
    const auto code = refusal(bytes_of(text), no_limits).first;
    CHECK((code == ErrorCode::kBadFormat || code == ErrorCode::kLimitExceeded));
  }
}

TEST_CASE("a PNG that unpacks to far more than its picture is refused") {
  // 40 MB of zeros compress to what a picture of one pixel should never need.
  const auto [code, message] = refusal(fixture("refused-bomb.png"));
  CHECK(code == ErrorCode::kLimitExceeded);
  CHECK(message.find("far more") != std::string::npos);
}

TEST_CASE("a missing photo and a folder are named") {
  CHECK_THROWS_WITH(paa::read_image("no/such/photo.jpg"), "no/such/photo.jpg: no such file");
  CHECK_THROWS_AS(paa::read_image(std::filesystem::path(PAA_TEST_DATA)), paa::Error);
}
