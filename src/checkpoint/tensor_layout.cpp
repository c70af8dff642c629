#include "checkpoint/tensor_layout.h"

#include <limits>

namespace paa {

ElementBlock block_of(DType type) noexcept {
  switch (type) {
    case DType::kI8:
    case DType::kU8:
    case DType::kBool: return {1, 1};
    case DType::kF16:
    case DType::kBF16:
    case DType::kI16: return {1, 2};
    case DType::kF32:
    case DType::kI32: return {1, 4};
    case DType::kI64: return {1, 8};
    case DType::kQ8_0: return {32, 34};
    case DType::kQ4_0: return {32, 18};
    case DType::kQ4_1: return {32, 20};
    case DType::kOther: break;
  }
  return {0, 0};
}

std::optional<std::uint64_t> checked_elements(std::span<const std::int64_t> shape) noexcept {
  std::int64_t product = 1;
  bool empty = false;
  for (const auto size : shape) {
    if (size < 0) return std::nullopt;
    if (size == 0) {
      empty = true;
    } else if (size > std::numeric_limits<std::int64_t>::max() / product) {
      return std::nullopt;
    } else {
      product *= size;
    }
  }
  return empty ? 0 : static_cast<std::uint64_t>(product);
}

std::optional<std::uint64_t> checked_bytes(ElementBlock block, std::uint64_t elements) noexcept {
  if (block.elements == 0 || elements % block.elements != 0) return std::nullopt;
  const std::uint64_t blocks = elements / block.elements;
  if (blocks > std::numeric_limits<std::uint64_t>::max() / block.bytes) return std::nullopt;
  return blocks * block.bytes;
}

}  // namespace paa
