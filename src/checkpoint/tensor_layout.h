#pragma once
// How many bytes tensors take, with every overflow seen.

#include <cstdint>
#include <optional>
#include <span>

#include "paa/checkpoint/weight_source.h"

namespace paa {

/// The smallest run of elements that a type stores as whole bytes.
struct ElementBlock {
  std::uint64_t elements;
  std::uint64_t bytes;
};

/// {0, 0} for kOther.
ElementBlock block_of(DType type) noexcept;

/// The product of the dimensions. Nothing if one is negative or the product of those that are not zero passes 2^63 - 1,
/// so that TensorInfo::elements() cannot overflow on what passed here.
std::optional<std::uint64_t> checked_elements(std::span<const std::int64_t> shape) noexcept;

/// Nothing on overflow or if the elements are not whole blocks.
std::optional<std::uint64_t> checked_bytes(ElementBlock block, std::uint64_t elements) noexcept;

}  // namespace paa
