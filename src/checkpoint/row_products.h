#pragma once
// The products of StoredMatrix, compiled once for each instruction set.

#include <cstddef>
#include <cstdint>

namespace paa {

/// The products over rows of one element type. Pointers are to the first row, `stride` is in bytes.
struct RowProducts {
  /// y[i] = row i . x. Of block formats `columns` is a multiple of 32.
  using Multiply = void (*)(const std::byte* first, std::size_t stride, std::int64_t rows, std::int64_t columns,
                            const float* x, float* y);
  /// y += weights[i] row i, for all rows.
  using Add = void (*)(const std::byte* first, std::size_t stride, std::int64_t rows, std::int64_t columns,
                       const float* weights, float* y);
  Multiply f32, f16, bf16, q8_0, q4_0, q4_1;
  Add add_f32, add_bf16;
};

/// For any CPU.
const RowProducts& plain_row_products() noexcept;
/// For CPUs with AVX2, FMA and F16C. Only on x86-64.
const RowProducts& avx2_row_products() noexcept;
/// For CPUs with AVX-512 F, BW, VL and DQ. Only on x86-64.
const RowProducts& avx512_row_products() noexcept;

}  // namespace paa
