#pragma once
// What to ask a person next: the photos whose ratings would tell most about all their photos.
// After arXiv 2605.14761; a reconstruction, not paper-verified. Modelled on active learning by expected reduction of
// predictive variance (Cohn, Ghahramani & Jordan 1996), which for a Gaussian model does not depend on the answer.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "paa/dlllm/feature_fusion.h"
#include "paa/dlllm/features.h"

namespace paa {

/// How many stars a photo gets, or which of two is better.
struct Question {
  bool pair = false;
  std::size_t photo = 0, other = 0;  ///< rows of the library; `other` only of a pair
  double gain = 0;  ///< expected fall of the library's mean predictive spread, points of the population's scale

  bool operator==(const Question&) const = default;
};

/// Which questions are wanted, and how hard to look for them.
struct ElicitationOptions {
  std::size_t count = 1;              ///< questions wanted; each takes the ones before it as answered
  bool pairs = false;                 ///< ask which of two is better instead
  std::vector<bool> asked;            ///< by photo: not to be asked again; empty: none was
  std::vector<Question> asked_pairs;  ///< not to be asked again, in either order
  double threshold = -1;              ///< points; below it nothing is asked. Negative: the population's ask_threshold
  std::size_t most_photos = 1000;     ///< of a larger library an evenly spread part is looked at
  std::size_t pair_photos = 40;       ///< pairs are made of the photos that would tell most alone, at least 2
};

/// The questions worth asking, the best first; fewer than `count`, or none, where the gain falls below the threshold or
/// nothing is left to ask. Of photos that would tell alike, usual ones are preferred. Depends on its arguments alone. Costs rows^2 per question. Error: kInvalidArgument (other
/// columns; a list `asked` of another length; an option out of range).
std::vector<Question> next_questions(const FeatureFusion& person, const FeatureRows& library,
                                     const ElicitationOptions& options = {});

}  // namespace paa
