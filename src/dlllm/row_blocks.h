#pragma once
// Many photos, a block at a time.

#include <algorithm>
#include <cstddef>

#include "paa/dlllm/features.h"

namespace paa {

/// Calls take(begin, rows) for one block after the other; a block's features stay in the cache.
template <class Take>
void in_blocks(const FeatureRows& photos, const Take& take) {
  constexpr std::size_t kBlock = 256;
  for (std::size_t begin = 0; begin < photos.rows(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, photos.rows());
    const auto values = photos.values.begin();
    take(begin, FeatureRows{photos.columns,
                            {values + static_cast<std::ptrdiff_t>(begin * photos.columns),
                             values + static_cast<std::ptrdiff_t>(end * photos.columns)}});
  }
}

}  // namespace paa
