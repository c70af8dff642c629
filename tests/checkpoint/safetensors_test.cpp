#include "paa/checkpoint/safetensors.h"

#include <fmt/format.h>

#include <cstring>

#include "byte_builder.h"
#include "checkpoint_data.h"

using Catch::Matchers::Contains;
using paa::DType;
using paa::ErrorCode;
using paa::Safetensors;

namespace {

std::vector<std::byte> file_bytes(const std::string& header, std::size_t data) {
  return ByteBuilder().u64(header.size()).text(header).zeros(data).bytes();
}

// The message with which a file of this header and so many bytes of data is refused.
std::string refusal(const std::string& header, std::size_t data, ErrorCode code = ErrorCode::kBadFormat) {
  INFO(header);
  return error_of(code, [&] { Safetensors::from_bytes(file_bytes(header, data), "x.safetensors"); });
}

std::string entry(const std::string& type, const std::string& shape, const std::string& offsets) {
  return fmt::format(R"({{"a":{{"dtype":"{}","shape":{},"data_offsets":{}}}}})", type, shape, offsets);
}

// Two tensors of one F32 each.
std::string two_entries(const std::string& first, const std::string& first_offsets, const std::string& second,
                        const std::string& second_offsets) {
  const auto one = [](const std::string& name, const std::string& offsets) {
    return fmt::format(R"("{}":{{"dtype":"F32","shape":[1],"data_offsets":{}}})", name, offsets);
  };
  return fmt::format("{{{},{}}}", one(first, first_offsets), one(second, second_offsets));
}

std::span<const std::byte> bytes_of(const std::vector<float>& values) { return std::as_bytes(std::span(values)); }

}  // namespace

TEST_CASE("every element type that the safetensors package writes is found with its shape and values") {
  const auto file = Safetensors::open(data_path("types.safetensors"));
  const auto expected = golden("types_safetensors.json");
  CHECK(file.metadata() == paa::SafetensorsMetadata{{"made by", "safetensors"}, {"über", "✓"}});
  for (const std::string name : {"f32", "f16", "bf16"}) {
    INFO(name);
    CHECK(file.read_f32(name) == expected[name].get<std::vector<float>>());
    CHECK(file.info(name).shape == std::vector<std::int64_t>{3, 5});
  }
  for (const auto& [key, type] : {std::pair("f32_as_f16", DType::kF16), std::pair("f32_as_bf16", DType::kBF16)}) {
    std::vector<std::int16_t> bits(15);
    file.read("f32", type, std::as_writable_bytes(std::span(bits)));
    CHECK(bits == expected[key].get<std::vector<std::int16_t>>());
  }
  std::int64_t scalar = 0;
  file.read("i64", DType::kI64, std::as_writable_bytes(std::span(&scalar, 1)));
  CHECK(scalar == std::numeric_limits<std::int64_t>::min());
  CHECK(file.info("i64").shape.empty());
  std::vector<std::int8_t> bytes(4);
  file.read("i8", DType::kI8, std::as_writable_bytes(std::span(bytes)));
  CHECK(bytes == std::vector<std::int8_t>{-128, -1, 0, 127});
  CHECK(file.info("bool").type == DType::kBool);
  CHECK(file.info("u8").type == DType::kU8);
  CHECK(file.read_f32("empty").empty());
}

TEST_CASE("a type that is not read is listed, and refused by name when it is asked for") {
  const auto file = Safetensors::open(data_path("types.safetensors"));
  CHECK(file.info("f64").type == DType::kOther);
  CHECK(file.info("f64").other_type == "F64");
  CHECK_THAT(error_of(ErrorCode::kUnsupported, [&] { file.read_f32("f64"); }), Contains("\"f64\"") && Contains("F64"));
}

TEST_CASE("damaged headers are refused with what is wrong") {
  CHECK_THAT(error_of(ErrorCode::kBadFormat, [] { Safetensors::from_bytes({}, "x"); }), Contains("header's length"));
  const auto huge = ByteBuilder().u64(std::uint64_t{1} << 60).text("{}").bytes();
  CHECK_THAT(error_of(ErrorCode::kLimitExceeded, [&] { Safetensors::from_bytes(huge, "x"); }), Contains("100000000"));
  const auto longer = ByteBuilder().u64(1000).text("{}").bytes();
  CHECK_THAT(error_of(ErrorCode::kBadFormat, [&] { Safetensors::from_bytes(longer, "x"); }), Contains("asks for 1000"));
  CHECK_THAT(refusal("[]", 0), Contains("does not begin with {"));
  CHECK_THAT(refusal(" {}", 0), Contains("does not begin with {"));
  CHECK_THAT(refusal("{", 0), Contains("not valid JSON"));
  CHECK_THAT(refusal("{\"a\":\"\xff\"}", 0), Contains("not valid JSON"));
  CHECK_THAT(refusal(fmt::format(R"({{"a":{:[>50}{:]>50}}})", "", ""), 0, ErrorCode::kLimitExceeded),
             Contains("nested"));
  CHECK_THAT(refusal(R"({"a":1})", 0), Contains("\"a\" is not an object"));
  CHECK_THAT(refusal(R"({"__metadata__":1})", 0), Contains("__metadata__"));
  CHECK_THAT(refusal(R"({"__metadata__":{"k":1}})", 0), Contains("\"k\" is not a string"));
  CHECK_THAT(refusal(two_entries("a", "[0,4]", "a", "[0,4]"), 4), Contains("stands twice"));
}

TEST_CASE("shapes, types and offsets that do not fit one another are refused") {
  CHECK_THAT(refusal(entry("F31", "[1]", "[0,4]"), 4, ErrorCode::kUnsupported), Contains("F31"));
  CHECK_THAT(refusal(entry("F32", "[-1]", "[0,4]"), 4), Contains("shape"));
  CHECK_THAT(refusal(entry("F32", "[1.5]", "[0,4]"), 4), Contains("shape"));
  CHECK_THAT(refusal(entry("F32", "1", "[0,4]"), 4), Contains("shape"));
  CHECK_THAT(refusal(entry("F32", "[18446744073709551615]", "[0,4]"), 4), Contains("shape"));
  CHECK_THAT(refusal(entry("F32", "[4294967296,4294967296]", "[0,0]"), 0), Contains("shape"));
  CHECK_THAT(refusal(entry("F32", "[4611686018427387904]", "[0,0]"), 0), Contains("shape"));
  CHECK_THAT(refusal(entry("F32", "[2]", "[0,4]"), 4), Contains("4 bytes"));
  CHECK_THAT(refusal(entry("F32", "[1]", "[4,0]"), 4), Contains("[begin, end]"));
  CHECK_THAT(refusal(entry("F32", "[1]", "[0]"), 4), Contains("[begin, end]"));
  CHECK_THAT(refusal(entry("F32", "[1]", "[0,4]"), 3), Contains("has 3 bytes"));
  CHECK_THAT(refusal(entry("F32", "[1]", "[0,4]"), 5), Contains("belong to none"));
  CHECK_THAT(refusal(entry("F32", "[1]", "[4,8]"), 8), Contains("hole"));
  CHECK_THAT(refusal(entry("F32", "[1]", "[18446744073709551612,18446744073709551615]"), 4), Contains("shape"));
  CHECK_THAT(refusal(two_entries("a", "[0,4]", "b", "[2,6]"), 6), Contains("overlaps"));
}

TEST_CASE("an empty file of no tensors and one of empty tensors are read") {
  CHECK(Safetensors::from_bytes(file_bytes("{}", 0), "x").tensors().empty());
  CHECK(Safetensors::from_bytes(file_bytes(entry("F32", "[0,9223372036854775807]", "[0,0]"), 0), "x")
            .read_f32("a")
            .empty());
}

TEST_CASE("every file cut short is refused") {
  const auto whole = paa::read_file(data_path("types.safetensors"), 1 << 20);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_THROWS_AS(Safetensors::from_bytes(cut, "cut"), paa::Error);
  }
}

TEST_CASE("shards are one source, and a folder or its index opens them") {
  const auto sums = golden("llama_folder.json")["sums"];
  const auto folder = paa::open_safetensors(data_path("llama"));
  const auto index = paa::open_safetensors(data_path("llama/model.safetensors.index.json"));
  CHECK(folder->tensors().size() == sums.size());
  for (const auto& [name, expected] : sums.items()) {
    double sum = 0;
    for (const float value : index->read_f32(name)) sum += value;
    CHECK(sum == Approx(expected.get<double>()).margin(1e-6));
  }
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { folder->bytes("lm_head.wait"); }), Contains("lm_head.weight"));
}

TEST_CASE("an index that names what is not there or lies elsewhere is refused") {
  const TemporaryFolder folder;
  const auto index = folder.path() / "model.safetensors.index.json";
  const std::vector<float> values = {1, 2};
  paa::write_safetensors(folder.path() / "one.safetensors", {{"a", DType::kF32, {2}, bytes_of(values)}});
  const auto refused = [&](ErrorCode code, const std::string& weight_map) {
    paa::write_file(index, fmt::format(R"({{"weight_map":{}}})", weight_map));
    return error_of(code, [&] { paa::open_safetensors(folder.path()); });
  };
  CHECK_THAT(refused(ErrorCode::kNotFound, R"({"a":"two.safetensors"})"), Contains("two.safetensors"));
  CHECK_THAT(refused(ErrorCode::kBadFormat, R"({"b":"one.safetensors"})"), Contains("\"b\" is not in"));
  for (const std::string file :
       {"../one.safetensors", "/etc/passwd", "a/one.safetensors", "..", ".", "", "a\\\\b", "a\\u0000"}) {
    CHECK_THAT(refused(ErrorCode::kBadFormat, fmt::format(R"({{"a":"{}"}})", file)), Contains("must lie beside"));
  }
  refused(ErrorCode::kBadFormat, R"({"a":1})");
  refused(ErrorCode::kBadFormat, "[]");
  refused(ErrorCode::kNotFound, fmt::format(R"({{"a":"{:x>5000}"}})", ""));
  std::filesystem::remove(index);
  error_of(ErrorCode::kNotFound, [&] { paa::open_safetensors(folder.path()); });
  error_of(ErrorCode::kNotFound, [&] { paa::open_safetensors(folder.path() / "absent.safetensors"); });
}

TEST_CASE("what is written is read back, aligned, and the same bytes in whatever order it came") {
  const TemporaryFolder folder;
  const std::vector<float> floats = {1, -2, 3.5f};
  const std::vector<std::uint8_t> bytes = {7, 8, 9};
  std::vector<paa::TensorToWrite> tensors = {{"z", DType::kU8, {3, 1}, std::as_bytes(std::span(bytes))},
                                             {"b", DType::kF32, {3}, bytes_of(floats)},
                                             {"a", DType::kU8, {0}, {}}};
  paa::write_safetensors(folder.path() / "1", tensors, {{"k", "v"}});
  std::swap(tensors[0], tensors[2]);
  paa::write_safetensors(folder.path() / "2", tensors, {{"k", "v"}});
  CHECK(paa::read_file(folder.path() / "1", 1 << 20) == paa::read_file(folder.path() / "2", 1 << 20));
  const auto file = Safetensors::open(folder.path() / "1");
  CHECK(file.metadata().at("k") == "v");
  CHECK(file.read_f32("b") == floats);
  CHECK(std::memcmp(file.bytes("z").data(), bytes.data(), 3) == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(file.bytes("b").data()) % alignof(float) == 0);
}

TEST_CASE("what no safetensors file can hold is not written, and leaves nothing behind") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "x.safetensors";
  const std::vector<float> values = {1, 2};
  const auto refused = [&](std::vector<paa::TensorToWrite> tensors, const paa::SafetensorsMetadata& metadata = {}) {
    error_of(ErrorCode::kInvalidArgument, [&] { paa::write_safetensors(path, std::move(tensors), metadata); });
  };
  refused({{"a", DType::kF32, {3}, bytes_of(values)}});
  refused({{"a", DType::kF32, {-2}, bytes_of(values)}});
  refused({{"a", DType::kQ8_0, {0}, {}}});
  refused({{"__metadata__", DType::kF32, {2}, bytes_of(values)}});
  refused({{"a", DType::kF32, {2}, bytes_of(values)}, {"a", DType::kF32, {2}, bytes_of(values)}});
  refused({{"\xff", DType::kF32, {2}, bytes_of(values)}});
  refused({}, {{"k", "\xff"}});
  CHECK(std::filesystem::is_empty(folder.path()));
}
