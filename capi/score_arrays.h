#pragma once
// Scores as the caller's arrays hold them.

#include <algorithm>
#include <span>
#include <tuple>

#include "paa.h"
#include "paa/pmllm/pmllm.h"

namespace paa::capi {

/// Writes one score after the other to arrays of which any may be NULL.
inline void write_scores(double* means, double* spreads, double* levels, std::span<const Score> scores) {
  static_assert(PAA_LEVEL_COUNT == std::tuple_size_v<decltype(Score::levels)>);
  for (const Score& score : scores) {
    if (means != nullptr) *means++ = score.mean;
    if (spreads != nullptr) *spreads++ = score.spread;
    if (levels != nullptr) levels = std::copy(score.levels.begin(), score.levels.end(), levels);
  }
}

}  // namespace paa::capi
