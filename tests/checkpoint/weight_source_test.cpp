#include "paa/checkpoint/weight_source.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include "checkpoint_data.h"
#include "paa/checkpoint/gguf.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/sha256.h"

using paa::DType;
using paa::ErrorCode;

namespace {

// One tensor of 16 or 32 bits an element, in memory.
class OneTensor final : public paa::WeightSource {
 public:
  template <class T>
  OneTensor(DType type, const std::vector<T>& values) : bytes_(sizeof(T) * values.size()) {
    std::memcpy(bytes_.data(), values.data(), bytes_.size());
    infos_.resize(1);
    infos_[0].name = "x";
    infos_[0].type = type;
    infos_[0].shape = {static_cast<std::int64_t>(values.size())};
  }
  const std::vector<paa::TensorInfo>& tensors() const override { return infos_; }
  std::span<const std::byte> bytes(std::string_view) const override { return bytes_; }
  std::string origin() const override { return "memory"; }

 private:
  std::vector<paa::TensorInfo> infos_;
  std::vector<std::byte> bytes_;
};

std::vector<std::uint16_t> read_16bit(const paa::WeightSource& source, const std::string& name, DType type) {
  std::vector<std::uint16_t> bits(static_cast<std::size_t>(source.info(name).elements()));
  source.read(name, type, std::as_writable_bytes(std::span(bits)));
  return bits;
}

template <class T>
std::string hash(const std::vector<T>& values) {
  return paa::sha256_hex(std::as_bytes(std::span(values)));
}

// The floats that the golden hashes were made over: all sizes, none a NaN.
std::vector<float> many_floats() {
  std::vector<float> values(1 << 20);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bits = static_cast<std::uint32_t>(i * 2654435761u);
    std::memcpy(&values[i], &bits, sizeof bits);
    if (std::isnan(values[i])) values[i] = 0;
  }
  return values;
}

}  // namespace

TEST_CASE("all 63,488 halves that are numbers or infinities become the floats that torch makes of them") {
  std::vector<std::uint16_t> halves(65536);
  for (std::size_t i = 0; i < halves.size(); ++i) {
    const bool nan = (i & 0x7fff) > 0x7c00;
    halves[i] = nan ? 0 : static_cast<std::uint16_t>(i);
  }
  CHECK(hash(OneTensor(DType::kF16, halves).read_f32("x")) == golden("conversions.json")["half_to_float"]);
}

TEST_CASE("a million floats of every size are rounded to halves and bf16 as torch rounds them") {
  const OneTensor floats(DType::kF32, many_floats());
  CHECK(hash(read_16bit(floats, "x", DType::kF16)) == golden("conversions.json")["float_to_half"]);
  CHECK(hash(read_16bit(floats, "x", DType::kBF16)) == golden("conversions.json")["float_to_bf16"]);
}

TEST_CASE("NaN stays NaN with its sign, whatever its bits, in every conversion") {
  const std::vector<std::uint32_t> nans = {0x7f800001u, 0x7fffffffu, 0xff800001u, 0xffc00000u, 0x7fbfffffu};
  const OneTensor floats(DType::kF32, nans);
  for (const DType type : {DType::kF16, DType::kBF16}) {
    const auto narrow = read_16bit(floats, "x", type);
    const auto back = OneTensor(type, narrow).read_f32("x");
    for (std::size_t i = 0; i < nans.size(); ++i) {
      CHECK(std::isnan(back[i]));
      CHECK(std::signbit(back[i]) == (nans[i] >> 31 == 1));
    }
  }
}

TEST_CASE("floats beyond the range of a half become infinity, and the last before it do not") {
  const std::vector<float> values = {65504.0f,      65519.996f,    65520.0f,     -1e30f,
                                     5.9604645e-8f, 2.9802322e-8f, 2.9802326e-8f};
  CHECK(read_16bit(OneTensor(DType::kF32, values), "x", DType::kF16) ==
        std::vector<std::uint16_t>{0x7bff, 0x7bff, 0x7c00, 0xfc00, 1, 0, 1});
}

TEST_CASE("block formats are dequantised to the values of the package gguf, exactly") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  const auto expected = golden("types_gguf.json");
  for (const std::string name : {"f32", "f16", "bf16", "q8_0", "q4_0", "q4_1"}) {
    INFO(name);
    CHECK(file.read_f32(name) == expected[name].get<std::vector<float>>());
  }
}

TEST_CASE("a dequantised tensor is rounded once to the type asked for") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  for (const std::string name : {"q8_0", "q4_1"}) {
    const OneTensor values(DType::kF32, file.read_f32(name));
    CHECK(read_16bit(file, name, DType::kBF16) == read_16bit(values, "x", DType::kBF16));
    CHECK(read_16bit(file, name, DType::kF16) == read_16bit(values, "x", DType::kF16));
  }
}

TEST_CASE("a tensor asked for in its own type comes as its bytes") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  const auto stored = file.bytes("q4_1");
  std::vector<std::byte> copy(stored.size());
  file.read("q4_1", DType::kQ4_1, copy);
  CHECK(std::equal(copy.begin(), copy.end(), stored.begin(), stored.end()));
  std::vector<std::int64_t> integers(3);
  file.read("int64", DType::kI64, std::as_writable_bytes(std::span(integers)));
  CHECK(integers == std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), 0,
                                              std::numeric_limits<std::int64_t>::max()});
}

TEST_CASE("rows of a tensor are those of the whole tensor") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  for (const std::string name : {"f16", "q8_0", "q4_1"}) {
    const auto whole = file.read_f32(name);
    std::vector<float> rows(2 * 64);
    file.read_rows(name, 1, 2, DType::kF32, std::as_writable_bytes(std::span(rows)));
    CHECK(rows == std::vector<float>(whole.begin() + 64, whole.end()));
  }
  file.read_rows("q4_1", 3, 0, DType::kF32, {});
}

TEST_CASE("rows outside a tensor, or of one without two axes, are refused") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  const auto safetensors = paa::Safetensors::open(data_path("types.safetensors"));
  std::vector<std::byte> out(64 * 4);
  constexpr auto kFar = std::numeric_limits<std::int64_t>::max();
  for (const auto& [first, count] :
       {std::pair<std::int64_t, std::int64_t>{3, 1}, {-1, 1}, {0, -1}, {0, 4}, {kFar, 1}, {1, kFar}}) {
    error_of(ErrorCode::kInvalidArgument, [&] { file.read_rows("q4_1", first, count, DType::kF32, out); });
  }
  error_of(ErrorCode::kInvalidArgument, [&] { file.read_rows("q4_1", 0, 2, DType::kF32, out); });
  error_of(ErrorCode::kInvalidArgument,
           [&] { safetensors.read_rows("i8", 0, 1, DType::kI8, std::span(out).first(1)); });
  error_of(ErrorCode::kUnsupported, [&] { file.read_rows("q5_0", 0, 1, DType::kF32, out); });
}

TEST_CASE("integers asked as floats, foreign types and wrong buffers are refused by name") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  std::vector<std::byte> out(3 * 64 * 4);
  CHECK_THAT(error_of(ErrorCode::kUnsupported, [&] { file.read_f32("int8"); }), Catch::Matchers::Contains("\"int8\""));
  const auto other = error_of(ErrorCode::kUnsupported, [&] { file.read("q5_0", DType::kF32, out); });
  CHECK_THAT(other, Catch::Matchers::Contains("\"q5_0\"") && Catch::Matchers::Contains("Q5_0"));
  error_of(ErrorCode::kUnsupported, [&] { file.bytes("q5_0"); });
  error_of(ErrorCode::kInvalidArgument, [&] { file.read("f32", DType::kF32, std::span(out).first(out.size() - 1)); });
  error_of(ErrorCode::kInvalidArgument, [&] { file.read("f32", DType::kF32, {}); });
  error_of(ErrorCode::kInvalidArgument, [&] { file.read("f32", DType::kQ8_0, out); });
}

TEST_CASE("a tensor that is not there is answered with the nearest name") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { file.read_f32("q4_l"); }),
             Catch::Matchers::Contains("\"q4_l\"") && Catch::Matchers::Contains("nearest name is \"q4_"));
  CHECK(file.find("q4_l") == nullptr);
  CHECK(file.find("") == nullptr);
}

TEST_CASE("a wrong shape is named with the expected one") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  CHECK(file.expect_shape("f32", {3, 64}).name == "f32");
  CHECK_THAT(error_of(ErrorCode::kMismatch,
                      [&] {
                        file.expect_shape("f32", {64, 3});
                      }),
             Catch::Matchers::Contains("[3, 64]") && Catch::Matchers::Contains("[64, 3]"));
}

TEST_CASE("the bytes that elements take are whole blocks and fit 64 bits") {
  CHECK(paa::byte_size(DType::kQ4_1, 64) == 40);
  CHECK(paa::byte_size(DType::kBool, 0) == 0);
  error_of(ErrorCode::kInvalidArgument, [] { paa::byte_size(DType::kQ8_0, 33); });
  error_of(ErrorCode::kInvalidArgument, [] { paa::byte_size(DType::kF32, std::uint64_t{1} << 62); });
  error_of(ErrorCode::kInvalidArgument, [] { paa::byte_size(DType::kOther, 1); });
}

TEST_CASE("buffers need no alignment") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  const auto expected = file.read_f32("q8_0");
  std::vector<std::byte> out(expected.size() * 4 + 1);
  file.read("q8_0", DType::kF32, std::span(out).subspan(1));
  CHECK(std::memcmp(out.data() + 1, expected.data(), expected.size() * 4) == 0);
}

TEST_CASE("threads read from one source at once") {
  const auto file = paa::Gguf::open(data_path("types.gguf"));
  const auto expected = file.read_f32("q4_1");
  std::vector<std::vector<float>> found(4);
  std::vector<std::thread> threads;
  for (auto& values : found) threads.emplace_back([&] { values = file.read_f32("q4_1"); });
  for (auto& thread : threads) thread.join();
  for (const auto& values : found) CHECK(values == expected);
}
