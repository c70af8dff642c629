#pragma once
// What the two ends of an image statistic are called by people.

#include <array>

#include "paa/image/statistics.h"

namespace paa {

struct StatisticWords {
  const char* name;  ///< of kImageStatisticNames
  const char* low;
  const char* high;
};

/// In the order of ImageStatistic.
inline constexpr std::array<StatisticWords, kImageStatisticCount> kStatisticWords = {{
    {"brightness", "dark", "bright"},
    {"contrast", "soft contrast", "strong contrast"},
    {"saturation", "muted colours", "saturated colours"},
    {"colourfulness", "few colours", "many colours"},
    {"warmth", "cool colours", "warm colours"},
    {"detail", "plain surfaces", "much fine detail"},
}};

}  // namespace paa
