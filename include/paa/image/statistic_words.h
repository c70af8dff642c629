#pragma once
// What the two ends of an image statistic are called by people.

#include <array>

#include "paa/image/composition.h"
#include "paa/image/statistics.h"

namespace paa {

/// What one calls photos at the two ends of a statistic.
struct StatisticWords {
  const char* name;  ///< of kImageStatisticNames or kCompositionStatisticNames
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

/// In the order of CompositionStatistic.
inline constexpr std::array<StatisticWords, kCompositionStatisticCount> kCompositionWords = {{
    {"red", "little red or orange", "red and orange tones"},
    {"yellow", "little yellow", "yellow tones"},
    {"green", "little green", "green tones"},
    {"cyan", "little turquoise", "turquoise tones"},
    {"blue", "little blue", "blue tones"},
    {"purple", "little purple or pink", "purple and pink tones"},
    {"sharpness", "soft all over", "crisp"},
    {"edge spread", "one compact subject", "something everywhere"},
    {"entropy", "few tones of light", "many tones of light"},
    {"symmetry", "sides that differ", "symmetrical"},
    {"thirds", "subject off the thirds", "subject on the thirds"},
    {"background blur", "background as sharp as the middle", "out-of-focus background"},
    {"centre light", "dark middle", "bright middle"},
    {"top light", "bright below", "bright above"},
    {"texture", "smooth surfaces", "rough textures"},
    {"lines", "upright lines", "level lines"},
    {"format", "tall format", "wide format"},
}};

}  // namespace paa
