#pragma once
// How digits of concepts that a person named are spread over photos (docs/interview.md).

namespace paa {

inline constexpr double kOwnConceptMean = 5.1, kOwnConceptDeviation = 1.3;

}  // namespace paa
