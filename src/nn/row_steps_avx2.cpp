// Compiled for AVX2 and FMA (CMakeLists.txt); called where the CPU has them.

#include "nn/row_steps.h"

#include "nn/row_steps_over.h"

namespace paa::nn {

RowStepsOfBoth avx2_row_steps() noexcept { return {kF32Steps, kBF16Steps}; }

}  // namespace paa::nn
