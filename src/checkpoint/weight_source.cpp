#include "paa/checkpoint/weight_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "checkpoint/convert.h"
#include "checkpoint/in_quotes.h"
#include "checkpoint/tensor_layout.h"
#include "paa/core/error.h"

namespace paa {
namespace {

// Levenshtein's distance, one row of the table at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

// Only short names are compared, so that a hostile file cannot make an error message cost minutes.
const TensorInfo* nearest(const std::vector<TensorInfo>& tensors, std::string_view name) {
  constexpr std::size_t kLongest = 256;
  constexpr std::size_t kMost = 10000;
  const TensorInfo* best = nullptr;
  std::size_t best_distance = 0;
  if (name.size() > kLongest) return nullptr;
  for (std::size_t i = 0; i < std::min(tensors.size(), kMost); ++i) {
    if (tensors[i].name.size() > kLongest) continue;
    const std::size_t distance = edit_distance(name, tensors[i].name);
    if (best == nullptr || distance < best_distance) {
      best = &tensors[i];
      best_distance = distance;
    }
  }
  return best;
}

std::string shape_text(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace

const char* to_string(DType type) noexcept {
  switch (type) {
    case DType::kF32: return "F32";
    case DType::kF16: return "F16";
    case DType::kBF16: return "BF16";
    case DType::kI8: return "I8";
    case DType::kI16: return "I16";
    case DType::kI32: return "I32";
    case DType::kI64: return "I64";
    case DType::kU8: return "U8";
    case DType::kBool: return "BOOL";
    case DType::kQ8_0: return "Q8_0";
    case DType::kQ4_0: return "Q4_0";
    case DType::kQ4_1: return "Q4_1";
    case DType::kOther: break;
  }
  return "OTHER";
}

bool is_float_like(DType type) noexcept {
  switch (type) {
    case DType::kF32:
    case DType::kF16:
    case DType::kBF16:
    case DType::kQ8_0:
    case DType::kQ4_0:
    case DType::kQ4_1: return true;
    default: return false;
  }
}

std::uint64_t byte_size(DType type, std::uint64_t elements) {
  const auto bytes = checked_bytes(block_of(type), elements);
  if (bytes) return *bytes;
  throw Error(
      ErrorCode::kInvalidArgument,
      fmt::format("{} elements of type {} are not a whole number of bytes below 2^64", elements, to_string(type)));
}

std::int64_t TensorInfo::elements() const noexcept {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string TensorInfo::shape_text() const { return paa::shape_text(shape); }

const TensorInfo* WeightSource::find(std::string_view name) const {
  const auto& all = tensors();
  const auto found =
      std::ranges::lower_bound(all, name, {}, [](const TensorInfo& i) -> std::string_view { return i.name; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

const TensorInfo& WeightSource::info(std::string_view name) const {
  if (const TensorInfo* found = find(name)) return *found;
  const TensorInfo* close = nearest(tensors(), name);
  throw Error(ErrorCode::kNotFound, fmt::format("{}: has no tensor {}{}", origin(), in_quotes(name),
                                                close ? "; the nearest name is " + in_quotes(close->name) : ""));
}

void WeightSource::refuse_other_type(const TensorInfo& info) const {
  if (info.type != DType::kOther) return;
  throw Error(
      ErrorCode::kUnsupported,
      fmt::format("{}: tensor {} has the element type {}, which is not read; use a file in F32, F16, BF16, Q8_0, "
                  "Q4_0 or Q4_1",
                  origin(), in_quotes(info.name), in_quotes(info.other_type)));
}

void WeightSource::read(std::string_view name, DType type, std::span<std::byte> out) const {
  const TensorInfo& tensor = info(name);
  refuse_other_type(tensor);
  convert_run(tensor, bytes(name), static_cast<std::uint64_t>(tensor.elements()), type, out);
}

void WeightSource::read_rows(std::string_view name, std::int64_t first, std::int64_t count, DType type,
                             std::span<std::byte> out) const {
  const TensorInfo& tensor = info(name);
  refuse_other_type(tensor);
  if (tensor.shape.size() != 2 || first < 0 || count < 0 || count > tensor.shape[0] ||
      first > tensor.shape[0] - count) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: tensor {} of shape {} has no {} rows from row {} on",
                                                         origin(), in_quotes(name), tensor.shape_text(), count, first));
  }
  const auto row = static_cast<std::uint64_t>(tensor.shape[1]);
  const std::uint64_t stored = byte_size(tensor.type, row);
  convert_run(
      tensor,
      bytes(name).subspan(static_cast<std::uint64_t>(first) * stored, static_cast<std::uint64_t>(count) * stored),
      static_cast<std::uint64_t>(count) * row, type, out);
}

void WeightSource::convert_run(const TensorInfo& tensor, std::span<const std::byte> stored, std::uint64_t elements,
                               DType type, std::span<std::byte> out) const {
  const std::string& name = tensor.name;
  const bool same = type == tensor.type;
  if (!same && type != DType::kF32 && type != DType::kF16 && type != DType::kBF16) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: tensor {} of type {} is asked as {}; ask for F32, F16 or BF16", origin(),
                            in_quotes(name), to_string(tensor.type), to_string(type)));
  }
  if (!same && !is_float_like(tensor.type)) {
    throw Error(ErrorCode::kUnsupported, fmt::format("{}: tensor {} holds integers ({}) and is asked as {}", origin(),
                                                     in_quotes(name), to_string(tensor.type), to_string(type)));
  }
  if (out.size() != byte_size(type, elements)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: tensor {} takes {} bytes as {}, the buffer has {}", origin(), in_quotes(name),
                            byte_size(type, elements), to_string(type), out.size()));
  }
  if (!same) {
    convert_elements(tensor.type, stored, type, out, elements);
  } else if (!stored.empty()) {
    std::memcpy(out.data(), stored.data(), stored.size());
  }
}

std::vector<float> WeightSource::read_f32(std::string_view name) const {
  const TensorInfo& tensor = info(name);
  refuse_other_type(tensor);
  std::vector<float> values(static_cast<std::size_t>(tensor.elements()));
  read(name, DType::kF32, std::as_writable_bytes(std::span(values)));
  return values;
}

const TensorInfo& WeightSource::expect_shape(std::string_view name, const std::vector<std::int64_t>& shape) const {
  const TensorInfo& tensor = info(name);
  if (tensor.shape == shape) return tensor;
  throw Error(ErrorCode::kMismatch, fmt::format("{}: tensor {} has the shape {}, expected is {}", origin(),
                                                in_quotes(name), tensor.shape_text(), shape_text(shape)));
}

}  // namespace paa
