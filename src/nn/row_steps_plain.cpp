// For any CPU.

#include "nn/row_steps.h"

#include "nn/row_steps_over.h"

namespace paa::nn {

RowStepsOfBoth plain_row_steps() noexcept { return {kF32Steps, kBF16Steps}; }

}  // namespace paa::nn
