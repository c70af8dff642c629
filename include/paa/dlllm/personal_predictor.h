#pragma once
// Learns from one person's verdicts and predicts how that person rates other photos.

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "paa/dlllm/features.h"
#include "paa/person/evidence.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// A verdict about rows of features.
struct Observation {
  VerdictKind kind = VerdictKind::kStars;
  std::size_t photo = 0;  ///< row; for a preference the better one
  std::size_t other = 0;  ///< the worse one of a preference
  double stars = 0;       ///< kStars only: on the population's scale
};

/// A predicted rating on the population's scale.
struct Prediction {
  Score score;           ///< mean; spread: standard deviation of a rating that this person would give; levels
  double deviation = 0;  ///< standard deviation of the mean alone: what more verdicts would take away
};

/// A per-person model. const members are thread-safe; fit and add are not.
class PersonalPredictor {
 public:
  virtual ~PersonalPredictor() = default;

  /// Forgets what was learned and learns from these. No observation: predictions of the population. Errors:
  /// kInvalidArgument (a row that does not exist, another number of columns than the population's, not finite).
  virtual void fit(const FeatureRows& photos, std::span<const Observation> observations) = 0;
  /// One prediction a row. Error: kInvalidArgument (another number of columns).
  virtual std::vector<Prediction> predict(const FeatureRows& photos) const = 0;
};

}  // namespace paa
