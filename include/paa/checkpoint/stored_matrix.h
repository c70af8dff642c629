#pragma once
// A matrix as it lies in a weight file, and its products with a vector: nothing is converted but in registers.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "paa/checkpoint/weight_source.h"

namespace paa {

/// A view; whoever gave the bytes must outlive it.
struct StoredMatrix {
  DType type = DType::kF32;          ///< one for which is_float_like holds
  std::span<const std::byte> bytes;  ///< row-major, not aligned to anything
  std::int64_t rows = 0, columns = 0;
};

/// The tensor `name` of two axes, which the source keeps. Errors: those of WeightSource::expect_shape; kUnsupported for
/// a type that is not float-like.
StoredMatrix stored_matrix(const WeightSource& source, std::string_view name, std::int64_t rows, std::int64_t columns);

/// Same over memory of the caller's: F32 or BF16 values one after another.
StoredMatrix stored_matrix(DType type, const void* values, std::int64_t rows, std::int64_t columns) noexcept;

/// y[i] = M[first + i] . x for `count` rows: x of `columns` floats, y of `count`. Elements are decoded exactly as
/// WeightSource::read does it, but for the rounding of a fused product, and summed in fp32 in an order that depends on
/// the CPU. Reading the matrix once is what it costs: for one vector this is faster than a product over converted weights,
/// for many vectors slower. Thread-safe.
void multiply_rows(const StoredMatrix& matrix, std::int64_t first, std::int64_t count, const float* x, float* y);

/// y = sum over rows i of weights[i] M[i]: weights of `rows` floats, y of `columns`. F32 and BF16 only, else
/// kUnsupported. Thread-safe.
void add_rows(const StoredMatrix& matrix, const float* weights, float* y);

}  // namespace paa
