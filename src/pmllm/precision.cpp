#include "precision.h"

namespace paa {
namespace {

bool has_fast_bf16() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") || __builtin_cpu_supports("amx-bf16");
#else
  return false;
#endif
}

}  // namespace

Precision resolve(Precision asked) noexcept {
  if (asked != Precision::kAuto) return asked;
  return has_fast_bf16() ? Precision::kBF16 : Precision::kF32;
}

const char* to_string(Precision precision) noexcept { return resolve(precision) == Precision::kBF16 ? "bf16" : "fp32"; }

}  // namespace paa
