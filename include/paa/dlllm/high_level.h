#pragma once
// Rates photos on concepts with a language model, blind to anybody's ratings (DL-LLM's high-level features).
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/dlllm/describe_photo.h"
#include "paa/dlllm/features.h"
#include "paa/image/image.h"
#include "paa/person/concept.h"

namespace paa {

/// What a rater may look at. The image is a view: valid during the call.
struct ConceptPhoto {
  std::string sha256;                  ///< of the file's bytes: the key of caches
  const Image* image = nullptr;        ///< pixels; null where the rater needs none
  std::vector<LikelyContent> contents;  ///< what it may show, in words (likely_contents), for raters that read
};

/// One photo on one concept.
struct ConceptRating {
  double digit = 0;    ///< expected digit, 0 to 9
  double entropy = 0;  ///< of the distribution over the digits (or over the two ends), in bits: how unsure the rater is
};

/// Expected digit and entropy of the probabilities of the digits 0 to 9, which sum to 1. Thread-safe.
ConceptRating rating_of(const std::array<double, 10>& digits);

/// The photo's pixels, for raters that look. Thread-safe. Error: kInvalidArgument (it has none; the photo is named).
const Image& image_of(const ConceptPhoto& photo);

/// Rates photos on concepts. Implementations: AnchorRater (a small LLM that reads what the photo may show), DigitRater (an LLM
/// with fusion that sees the photo), ChatRater (a remote vision LLM), CachedRater (another rater, remembered on disk).
class HighLevelRater {
 public:
  virtual ~HighLevelRater() = default;

  /// What decides its answers beside photo and concept: model, prompt, precision. Part of the key of caches.
  virtual std::string id() const = 0;
  /// Whether rate() looks at pixels; if not, ConceptPhoto::image may be null.
  virtual bool needs_image() const = 0;

  /// A rating for each photo and concept: photo i's concept j at i * concepts.size() + j. No rating depends on what
  /// else is asked in the same call. Errors: kCancelled; those of the implementation.
  virtual std::vector<ConceptRating> rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                          const Cancel* cancel = nullptr, const Progress& progress = {}) = 0;
};

/// Of ratings over photos, digits: a concept whose ratings deviate less tells photos apart for nobody.
inline constexpr double kLeastConceptDeviation = 0.05;

/// Which of the `count` columns from `begin` on deviate less than kLeastConceptDeviation over the rows `photos`. Error:
/// kInvalidArgument (columns or rows that do not exist). Thread-safe.
std::vector<std::size_t> constant_concepts(const FeatureRows& rows, std::span<const std::size_t> photos,
                                           std::size_t begin, std::size_t count);

}  // namespace paa
