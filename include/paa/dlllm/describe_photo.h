#pragma once
// A photo in words, for language models that cannot see it.

#include <string>
#include <vector>

#include "paa/image/statistics.h"

namespace paa {

/// What a photo may show, in words, and how much that counts.
struct LikelyContent {
  std::string text;        ///< "a seashore."
  double weight = 0;       ///< of the photo's eight likeliest contents: 1 together; of the others 0
  double probability = 0;  ///< that the photo shows it, as the classifier has it

  bool operator==(const LikelyContent&) const = default;
};

/// The 64 likeliest classes, each as a sentence, the likeliest first. Weights go by the square root of the
/// probabilities: a classifier is surer than it is right, and a sentence about a likeness still tells something (all
/// choices: docs/concepts.md). Thread-safe. Error: as describe_photo.
std::vector<LikelyContent> likely_contents(const std::vector<std::string>& class_names,
                                           const std::vector<float>& probabilities);

/// What the photo shows and what it looks like: "a seashore, a sandbar and a promontory. It is bright, with cool
/// colours." Names are those of the likeliest classes, up to three that are likely enough, and at least one; what it
/// looks like is said where a statistic lies far from that of typical photos, in the words of kStatisticWords, the
/// brightness and up to two more. `class_names`: lines as of Pmllm::class_names; `probabilities`: one a class. The
/// same arguments give the same text. Thread-safe. Error: kInvalidArgument (no class, or lists of two lengths).
std::string describe_photo(const std::vector<std::string>& class_names, const std::vector<float>& probabilities,
                           const ImageStatistics& statistics);

}  // namespace paa
