#pragma once
// Why a person is expected to rate a photo as they are: a prediction taken apart, in words.

#include <cstddef>
#include <string>
#include <vector>

#include "paa/dlllm/feature_fusion.h"
#include "paa/dlllm/features.h"
#include "paa/person/concept.h"

namespace paa {

/// One cause of a prediction.
struct Reason {
  std::string text;   ///< "vivid colours", "what most people like about it"
  double points = 0;  ///< what it adds to the prediction (takes away, if below 0), on the explanation's scale

  bool operator==(const Reason&) const = default;
};

/// A prediction as a sum: `usual` plus the points of all reasons is `mean`.
struct Reasons {
  double usual = 0;
  double mean = 0;
  std::vector<Reason> reasons;  ///< the strongest first; what is not told one by one comes last, summed
};

/// How finely a prediction is told.
struct ReasonOptions {
  std::size_t most = 4;        ///< statistics and concepts told one by one
  double least_points = 0.02;  ///< weaker ones are summed
};

/// The contributions of `explanation` in words. Statistics, of composition too, get the words of statistic_words for the end the photo leans
/// to; concepts those of their anchors, and a person's own their names and what was said of them (`concepts`: of both groups). Deep
/// features have no words of their own and are summed, and so is what is weak. Thread-safe. Error: kInvalidArgument (an
/// explanation of another population).
Reasons reasons_of(const Explanation& explanation, const FeatureLayout& layout, const std::vector<Concept>& concepts,
                   const ReasonOptions& options = {});

/// "vivid colours +0.31, simple -0.12, ..."; the `most` first ones.
std::string reasons_text(const Reasons& reasons, std::size_t most = 3);

}  // namespace paa
