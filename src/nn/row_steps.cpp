#include "nn/row_steps.h"

namespace paa::nn {
namespace {

RowStepsOfBoth fastest_row_steps() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    return avx512_row_steps();
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_row_steps();
#endif
  return plain_row_steps();
}

}  // namespace

const RowSteps& row_steps_f32() noexcept {
  static const RowSteps& steps = fastest_row_steps().f32;
  return steps;
}

const RowSteps& row_steps_bf16() noexcept {
  static const RowSteps& steps = fastest_row_steps().bf16;
  return steps;
}

}  // namespace paa::nn
