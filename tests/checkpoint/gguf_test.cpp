#include "paa/checkpoint/gguf.h"

#include "byte_builder.h"
#include "checkpoint_data.h"

using Catch::Matchers::Contains;
using paa::DType;
using paa::ErrorCode;
using paa::Gguf;
using paa::GgufType;

namespace {

constexpr std::uint32_t kU8 = 0, kU32 = 4, kBool = 7, kString = 8, kArray = 9;

ByteBuilder& put_string(ByteBuilder& out, std::string_view text) { return out.u64(text.size()).text(text); }

ByteBuilder head(std::uint64_t tensors, std::uint64_t pairs, std::uint32_t version = 3) {
  ByteBuilder out;
  out.text("GGUF").u32(version).u64(tensors).u64(pairs);
  return out;
}

// A header with one metadata value, whose bytes after the key are `value`.
std::vector<std::byte> one_pair(const ByteBuilder& value) {
  ByteBuilder out = head(0, 1);
  put_string(out, "k").append(value.bytes());
  return out.zeros(64).bytes();
}

struct Tensor {
  std::string name = "t";
  std::vector<std::uint64_t> dimensions = {8};  ///< innermost first
  std::uint32_t type = 0;                       ///< F32
  std::uint64_t offset = 0;
};

std::vector<std::byte> with_tensors(const std::vector<Tensor>& tensors, std::size_t data) {
  ByteBuilder out = head(tensors.size(), 0);
  for (const auto& tensor : tensors) {
    put_string(out, tensor.name).u32(static_cast<std::uint32_t>(tensor.dimensions.size()));
    for (const auto size : tensor.dimensions) out.u64(size);
    out.u32(tensor.type).u64(tensor.offset);
  }
  out.zeros((32 - out.size() % 32) % 32);
  return out.zeros(data).bytes();
}

std::string refusal(std::vector<std::byte> bytes, ErrorCode code = ErrorCode::kBadFormat) {
  return error_of(code, [&] { Gguf::from_bytes(std::move(bytes), "x.gguf"); });
}

}  // namespace

TEST_CASE("metadata of every type is found as the package gguf wrote it") {
  const auto file = Gguf::open(data_path("types.gguf"));
  CHECK(file.version() == 3);
  CHECK(file.find_integer("u8") == 255);
  CHECK(file.find_integer("i8") == -128);
  CHECK(file.find_integer("u16") == 65535);
  CHECK(file.find_integer("i16") == -32768);
  CHECK(file.find_integer("u32") == 4294967295);
  CHECK(file.find_integer("i32") == -2147483648LL);
  CHECK(file.find_integer("i64") == std::numeric_limits<std::int64_t>::min());
  CHECK(file.find_number("u64") == 18446744073709551615.0);
  CHECK(file.find_number("f32") == double{0.1f});
  CHECK(file.find_number("f64") == 0.1);
  CHECK(file.find_bool("bool") == true);
  CHECK(file.find_string("string") == "grüße");
  CHECK(file.find_integers("integers") == std::vector<std::int64_t>{1, -2, 3});
  CHECK(file.find_numbers("numbers") == std::vector<double>{0.5, -1.5});
  CHECK(file.find_strings("strings") == std::vector<std::string_view>{"a", "", "ccc"});
}

TEST_CASE("arrays of arrays are walked item by item") {
  const auto file = Gguf::open(data_path("types.gguf"));
  const auto& nested = file.metadata().find("nested")->second;
  CHECK(nested.type() == GgufType::kArray);
  CHECK(nested.item_type() == GgufType::kArray);
  std::vector<std::vector<std::int64_t>> found;
  for (const auto& row : nested.items()) {
    found.emplace_back();
    for (const auto& item : row.items()) found.back().push_back(*item.as_integer());
  }
  CHECK(found == std::vector<std::vector<std::int64_t>>{{1, 2}, {3}, {4, 5, 6}});
}

TEST_CASE("metadata of another kind than asked for is named; what is absent is nothing") {
  const auto file = Gguf::open(data_path("types.gguf"));
  CHECK_THAT(error_of(ErrorCode::kBadFormat, [&] { file.find_string("u8"); }),
             Contains("\"u8\"") && Contains("type u8"));
  CHECK_THAT(error_of(ErrorCode::kBadFormat, [&] { file.find_strings("integers"); }), Contains("array of i32"));
  error_of(ErrorCode::kBadFormat, [&] { file.find_integer("u64"); });
  error_of(ErrorCode::kBadFormat, [&] { file.find_integer("f32"); });
  error_of(ErrorCode::kBadFormat, [&] { file.find_bool("string"); });
  error_of(ErrorCode::kBadFormat, [&] { file.find_integers("nested"); });
  CHECK_FALSE(file.find_string("absent"));
  CHECK_FALSE(file.find_strings("absent"));
}

TEST_CASE("shapes are outermost first, and types that are not read are listed") {
  const auto file = Gguf::open(data_path("types.gguf"));
  CHECK(file.info("q4_1").shape == std::vector<std::int64_t>{3, 64});
  CHECK(file.info("q4_1").type == DType::kQ4_1);
  CHECK(file.info("q5_0").type == DType::kOther);
  CHECK(file.info("q5_0").other_type == "Q5_0");
}

TEST_CASE("version 2 is read; other versions and byte orders are refused") {
  CHECK(Gguf::from_bytes(head(0, 0, 2).bytes(), "x").version() == 2);
  CHECK_THAT(refusal(head(0, 0, 1).bytes(), ErrorCode::kUnsupported), Contains("version 1"));
  CHECK_THAT(refusal(head(0, 0, 4).bytes(), ErrorCode::kUnsupported), Contains("version 4"));
  CHECK_THAT(refusal(head(0, 0, 0).bytes(), ErrorCode::kUnsupported), Contains("version 0"));
  CHECK_THAT(refusal(head(0, 0, 0x03000000).bytes(), ErrorCode::kUnsupported), Contains("big-endian"));
  CHECK_THAT(refusal(ByteBuilder().text("GGML").u32(3).bytes()), Contains("not a GGUF file"));
  CHECK_THAT(refusal({}), Contains("magic"));
}

TEST_CASE("counts and lengths beyond the file are refused before anything is allocated") {
  for (const std::uint64_t huge : {std::uint64_t{1} << 60, ~std::uint64_t{0}, std::uint64_t{1000}}) {
    CHECK_THAT(refusal(head(huge, 0).bytes()), Contains("number of tensors"));
    CHECK_THAT(refusal(head(0, huge).bytes()), Contains("number of metadata values"));
    CHECK_THAT(refusal(one_pair(ByteBuilder().u32(kString).u64(huge))), Contains("\"k\""));
    for (const std::uint32_t item : {kU8, kU32, kString, kArray}) {
      CHECK_THAT(refusal(one_pair(ByteBuilder().u32(kArray).u32(item).u64(huge))), Contains("\"k\""));
    }
  }
}

TEST_CASE("metadata that breaks the format is refused") {
  CHECK_THAT(refusal(one_pair(ByteBuilder().u32(13).u64(0))), Contains("value type 13"));
  CHECK_THAT(refusal(one_pair(ByteBuilder().u32(kArray).u32(99).u64(1))), Contains("value type 99"));
  CHECK_THAT(refusal(one_pair(ByteBuilder().u32(kBool).text("\x02"))), Contains("neither 0 nor 1"));
  ByteBuilder deep;
  deep.u32(kArray);
  for (int i = 0; i < 100; ++i) deep.u32(kArray).u64(1);
  CHECK_THAT(refusal(one_pair(deep)), Contains("deeper"));
  ByteBuilder twice = head(0, 2);
  for (int i = 0; i < 2; ++i) put_string(twice, "k").u32(kU32).u32(1);
  CHECK_THAT(refusal(twice.bytes()), Contains("stands twice"));
}

TEST_CASE("an alignment that is not a power of two is refused") {
  for (const std::uint32_t alignment : {0u, 3u, 48u}) {
    ByteBuilder out = head(0, 1);
    put_string(out, "general.alignment").u32(kU32).u32(alignment);
    CHECK_THAT(refusal(out.bytes()), Contains("power of two"));
  }
  ByteBuilder text = head(0, 1);
  put_string(put_string(text, "general.alignment").u32(kString), "32");
  CHECK_THAT(refusal(text.bytes()), Contains("power of two"));
}

TEST_CASE("tensors that do not fit their file are refused") {
  CHECK(Gguf::from_bytes(with_tensors({{}}, 32), "x").read_f32("t").size() == 8);
  CHECK_THAT(refusal(with_tensors({{}}, 31)), Contains("has 31 bytes"));
  CHECK_THAT(refusal(with_tensors({{.offset = 8}}, 64)), Contains("multiple of 32"));
  CHECK_THAT(refusal(with_tensors({{.offset = std::uint64_t{1} << 63}}, 64)), Contains("has 64 bytes"));
  CHECK_THAT(refusal(with_tensors({{.offset = ~std::uint64_t{31}}}, 64)), Contains("has 64 bytes"));
  CHECK_THAT(refusal(with_tensors({{.dimensions = {1, 1, 1, 1, 1}}}, 32)), Contains("5 dimensions"));
  CHECK_THAT(refusal(with_tensors({{.dimensions = {std::uint64_t{1} << 63}}}, 32)), Contains("shape"));
  CHECK_THAT(refusal(with_tensors({{.dimensions = {std::uint64_t{1} << 32, std::uint64_t{1} << 32}}}, 32)),
             Contains("shape"));
  CHECK_THAT(refusal(with_tensors({{.dimensions = {std::uint64_t{1} << 62}}}, 32)), Contains("shape"));
  CHECK_THAT(refusal(with_tensors({{.dimensions = {16, 2}, .type = 8}}, 64)), Contains("shape"));
  CHECK_THAT(refusal(with_tensors({{.type = 4}}, 32), ErrorCode::kUnsupported), Contains("type 4"));
  CHECK_THAT(refusal(with_tensors({{.type = 1000}}, 32), ErrorCode::kUnsupported), Contains("type 1000"));
  CHECK_THAT(refusal(with_tensors({{.name = "a", .dimensions = {16}}, {.name = "b", .offset = 32}}, 64)),
             Contains("overlaps"));
  CHECK_THAT(refusal(with_tensors({{}, {.offset = 32}}, 64)), Contains("stands twice"));
  CHECK_THAT(refusal(with_tensors({{.name = std::string(2000, 'n')}}, 32)), Contains("2000 bytes"));
}

TEST_CASE("names that are not UTF-8 come escaped into messages") {
  const auto message = refusal(with_tensors({{.name = "a\xff\n\"", .offset = 8}}, 64));
  CHECK(nlohmann::json(message).dump().size() > 0);
  CHECK_THAT(message, Contains("\\n\\\""));
}

TEST_CASE("every GGUF file cut short is refused") {
  const auto whole = paa::read_file(data_path("types.gguf"), 1 << 20);
  // The file ends with the padding of its last tensor, which no reader needs.
  const std::size_t needed = whole.size() - 8;
  for (std::size_t size = 0; size < needed; ++size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_THROWS_AS(Gguf::from_bytes(cut, "cut"), paa::Error);
  }
  CHECK_THROWS_AS(Gguf::open(data_path("absent.gguf")), paa::Error);
}
