#pragma once
// Runs of elements from the type they are stored in to the type the computation wants.

#include <cstddef>
#include <cstdint>
#include <span>

#include "paa/checkpoint/weight_source.h"

namespace paa {

/// `from` is a type for which is_float_like holds, `to` is kF32, kF16 or kBF16; both spans have the length of
/// `elements` in their type. Neither needs to be aligned; they must not overlap.
void convert_elements(DType from, std::span<const std::byte> in, DType to, std::span<std::byte> out,
                      std::uint64_t elements);

}  // namespace paa
