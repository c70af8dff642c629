#pragma once
// Which of the instruction sets that loops are compiled for this CPU has.

namespace paa {

/// Each has those before it. kAvx2: with FMA and F16C. kAvx512: F with BW, VL and DQ.
enum class InstructionSet { kPlain, kAvx2, kAvx512 };

/// The last one this CPU has. Thread-safe.
inline InstructionSet instruction_set() noexcept {
#if defined(__x86_64__)
  static const InstructionSet last = [] {
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    return avx512 ? InstructionSet::kAvx512 : avx2 ? InstructionSet::kAvx2 : InstructionSet::kPlain;
  }();
  return last;
#else
  return InstructionSet::kPlain;
#endif
}

}  // namespace paa
