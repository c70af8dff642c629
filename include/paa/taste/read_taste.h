#pragma once
// A person's tastes, read off their ratings.

#include <cstddef>
#include <span>

#include "paa/taste/taste.h"

namespace paa {

/// One rating, seen against other people's.
struct TasteEvidence {
  double residual = 0;            ///< rating minus the population's mean rating of the photo (1-7 scale)
  std::span<const float> traits;  ///< the photo's row of a TraitTable
};

/// The defaults were chosen on OASIS, on training people only (docs of the evaluation say how).
struct TasteReading {
  /// Ratings that a trait must be seen in before half of its effect is believed: the variance of one residual around
  /// the person's tastes over the variance of one trait's effect among people.
  double shrinkage = 30;
  double threshold = 0.1;       ///< points per deviation of the trait; weaker effects are not spoken of
  std::size_t max_items = 3;    ///< at most kMaxTasteItems
  double full_weight = 0.4;     ///< an effect of so many points per deviation has weight 1
};

/// The strongest tastes, strongest first. A trait's effect is the slope of the residuals on its values, both centred over
/// the person's own photos, shrunken as in ridge regression: sum(x r) / (sum(x x) + shrinkage). After each taste
/// its effect is taken out of the residuals, so that the next one says something new, and its family is left out. Empty where nothing
/// passes the threshold, and for fewer than 2 ratings. Deterministic; thread-safe. Errors: kInvalidArgument (rows of
/// other lengths than the vocabulary's traits, numbers that are not finite, options outside their ranges).
Taste read_taste(std::span<const TasteEvidence> ratings, const TasteVocabulary& vocabulary,
                 const TasteReading& reading = {});

}  // namespace paa
