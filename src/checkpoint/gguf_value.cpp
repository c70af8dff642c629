#include <limits>

#include "checkpoint/gguf_reader.h"

namespace paa {
namespace {

template <class T>
T load(std::span<const std::byte> bytes) noexcept {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// Bytes of one value of a type of fixed size; 0 for strings and arrays.
std::uint64_t fixed_size(GgufType type) noexcept {
  switch (type) {
    case GgufType::kU8:
    case GgufType::kI8:
    case GgufType::kBool: return 1;
    case GgufType::kU16:
    case GgufType::kI16: return 2;
    case GgufType::kU32:
    case GgufType::kI32:
    case GgufType::kF32: return 4;
    case GgufType::kU64:
    case GgufType::kI64:
    case GgufType::kF64: return 8;
    case GgufType::kString:
    case GgufType::kArray: break;
  }
  return 0;
}

void check_bools(const ByteCursor& cursor, std::span<const std::byte> bytes, const std::string& what) {
  for (const auto byte : bytes) {
    if (std::to_integer<int>(byte) > 1) cursor.fail(fmt::format("{} is a bool of neither 0 nor 1", what));
  }
}

}  // namespace

const char* to_string(GgufType type) noexcept {
  switch (type) {
    case GgufType::kU8: return "u8";
    case GgufType::kI8: return "i8";
    case GgufType::kU16: return "u16";
    case GgufType::kI16: return "i16";
    case GgufType::kU32: return "u32";
    case GgufType::kI32: return "i32";
    case GgufType::kF32: return "f32";
    case GgufType::kBool: return "bool";
    case GgufType::kString: return "string";
    case GgufType::kArray: return "array";
    case GgufType::kU64: return "u64";
    case GgufType::kI64: return "i64";
    case GgufType::kF64: return "f64";
  }
  return "unknown";
}

GgufType GgufReader::take_type(ByteCursor& cursor, const std::string& what) {
  const auto number = cursor.take<std::uint32_t>(what);
  if (number > static_cast<std::uint32_t>(GgufType::kF64)) {
    cursor.fail(fmt::format("{} has the value type {}, which GGUF does not have", what, number));
  }
  return static_cast<GgufType>(number);
}

GgufValue GgufReader::take_value(ByteCursor& cursor, GgufType type, const std::string& what, int depth) {
  constexpr int kMaxDepth = 8;
  constexpr std::uint64_t kSmallestString = 8;  // its length
  constexpr std::uint64_t kSmallestArray = 12;  // its item type and length
  GgufValue value;
  value.type_ = type;
  if (type == GgufType::kString) {
    value.bytes_ = std::as_bytes(std::span(cursor.take_string(what)));
  } else if (type != GgufType::kArray) {
    value.bytes_ = cursor.take_bytes(fixed_size(type), what);
    if (type == GgufType::kBool) check_bools(cursor, value.bytes_, what);
  } else {
    if (depth == kMaxDepth) cursor.fail(fmt::format("{} nests arrays deeper than {}", what, kMaxDepth));
    value.item_type_ = take_type(cursor, what);
    if (const auto size = fixed_size(value.item_type_); size != 0) {
      value.size_ = cursor.take_count(size, what);
      value.bytes_ = cursor.take_bytes(value.size_ * size, what);
      if (value.item_type_ == GgufType::kBool) check_bools(cursor, value.bytes_, what);
    } else {
      value.size_ = cursor.take_count(value.item_type_ == GgufType::kString ? kSmallestString : kSmallestArray, what);
      const auto begin = cursor.position();
      for (std::uint64_t i = 0; i < value.size_; ++i) take_value(cursor, value.item_type_, what, depth + 1);
      value.bytes_ = cursor.since(begin);
    }
  }
  return value;
}

std::optional<std::int64_t> GgufValue::as_integer() const {
  switch (type_) {
    case GgufType::kU8: return load<std::uint8_t>(bytes_);
    case GgufType::kI8: return load<std::int8_t>(bytes_);
    case GgufType::kU16: return load<std::uint16_t>(bytes_);
    case GgufType::kI16: return load<std::int16_t>(bytes_);
    case GgufType::kU32: return load<std::uint32_t>(bytes_);
    case GgufType::kI32: return load<std::int32_t>(bytes_);
    case GgufType::kI64: return load<std::int64_t>(bytes_);
    case GgufType::kU64: {
      const auto value = load<std::uint64_t>(bytes_);
      if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
      return static_cast<std::int64_t>(value);
    }
    default: return std::nullopt;
  }
}

std::optional<double> GgufValue::as_number() const {
  if (type_ == GgufType::kF32) return load<float>(bytes_);
  if (type_ == GgufType::kF64) return load<double>(bytes_);
  if (type_ == GgufType::kU64) return static_cast<double>(load<std::uint64_t>(bytes_));
  const auto integer = as_integer();
  return integer ? std::optional(static_cast<double>(*integer)) : std::nullopt;
}

std::optional<bool> GgufValue::as_bool() const {
  return type_ == GgufType::kBool ? std::optional(bytes_[0] != std::byte{0}) : std::nullopt;
}

std::optional<std::string_view> GgufValue::as_string() const {
  if (type_ != GgufType::kString) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
}

std::vector<GgufValue> GgufValue::items() const {
  std::vector<GgufValue> found;
  if (type_ != GgufType::kArray) return found;
  found.reserve(size_);
  ByteCursor cursor(bytes_, "array");
  for (std::uint64_t i = 0; i < size_; ++i) found.push_back(GgufReader::take_value(cursor, item_type_, "item"));
  return found;
}

}  // namespace paa
