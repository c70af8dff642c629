// Compiled for AVX-512 (CMakeLists.txt); called where the CPU has it.

#include "nn/row_steps.h"

#include "nn/row_steps_over.h"

namespace paa::nn {

RowStepsOfBoth avx512_row_steps() noexcept { return {kF32Steps, kBF16Steps}; }

}  // namespace paa::nn
