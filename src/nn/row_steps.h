#pragma once
// RowSteps of every instruction set.

#include "paa/nn/row_steps.h"

namespace paa::nn {

/// One instruction set's steps.
struct RowStepsOfBoth {
  const RowSteps &f32, &bf16;
};

/// For any CPU.
RowStepsOfBoth plain_row_steps() noexcept;
/// For CPUs with AVX2 and FMA. Only on x86-64.
RowStepsOfBoth avx2_row_steps() noexcept;
/// For CPUs with AVX-512 F, BW, VL and DQ. Only on x86-64.
RowStepsOfBoth avx512_row_steps() noexcept;

}  // namespace paa::nn
