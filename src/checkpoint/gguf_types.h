#pragma once
// The tensor types of GGUF: number, name and how many bytes a block of elements takes.

#include <cstdint>

#include "checkpoint/tensor_layout.h"

namespace paa {

struct GgufTensorType {
  std::uint32_t number;
  const char* name;
  DType type;  ///< kOther where the library does not read it
  ElementBlock block;
};

/// Null for a number that is not known.
const GgufTensorType* find_gguf_tensor_type(std::uint32_t number) noexcept;

}  // namespace paa
