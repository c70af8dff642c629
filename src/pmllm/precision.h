#pragma once
// Which number type suits this CPU.

#include "paa/pmllm/pmllm.h"

namespace paa {

/// kAuto resolved by the CPU's flags, never by timing: bf16 with AVX512-BF16 or AMX, else fp32. Others come back unchanged.
Precision resolve(Precision asked) noexcept;

/// "fp32" or "bf16".
const char* to_string(Precision precision) noexcept;

}  // namespace paa
