#include "nn/row_steps.h"

#include "core/instruction_set.h"

namespace paa::nn {
namespace {

RowStepsOfBoth fastest_row_steps() noexcept {
#if defined(__x86_64__)
  switch (instruction_set()) {
    case InstructionSet::kAvx512: return avx512_row_steps();
    case InstructionSet::kAvx2: return avx2_row_steps();
    case InstructionSet::kPlain: break;
  }
#endif
  return plain_row_steps();
}

}  // namespace

const RowSteps& row_steps_f32() noexcept { return fastest_row_steps().f32; }

const RowSteps& row_steps_bf16() noexcept { return fastest_row_steps().bf16; }

}  // namespace paa::nn
