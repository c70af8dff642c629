#pragma once
// Weights on disk to const tensors: zero-copy where the file already holds the wanted type.

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "paa/checkpoint/weight_source.h"
#include "paa/core/error.h"

namespace paa::nn {

/// The stored type that a floating-point scalar type is read as. Error: kInvalidArgument for any but float, half, bfloat16.
inline DType to_dtype(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return DType::kF32;
    case at::kHalf: return DType::kF16;
    case at::kBFloat16: return DType::kBF16;
    default: throw Error(ErrorCode::kInvalidArgument, fmt::format("weights cannot be held as {}", c10::toString(type)));
  }
}

/// The tensor `name` as `type`, of exactly `shape`. Shares the source's memory (and keeps the source alive) where stored
/// type and alignment allow; such a tensor must never be written to. Thread-safe. Errors: kNotFound, kMismatch, kUnsupported.
inline at::Tensor load_tensor(const std::shared_ptr<const WeightSource>& source, std::string_view name,
                              const std::vector<std::int64_t>& shape, at::ScalarType type) {
  const TensorInfo& info = source->expect_shape(name, shape);
  const DType wanted = to_dtype(type);
  if (info.type == wanted) {
    const auto bytes = source->bytes(name);
    constexpr std::uintptr_t kAlignment = 16;
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignment == 0) {
      return at::from_blob(const_cast<std::byte*>(bytes.data()), shape, [source](void*) {}, type);
    }
  }
  at::Tensor tensor = at::empty(shape, type);
  source->read(name, wanted, {static_cast<std::byte*>(tensor.mutable_data_ptr()), tensor.nbytes()});
  return tensor;
}

}  // namespace paa::nn
