#pragma once
// A person's tastes, read off their ratings.

#include <cstddef>
#include <span>
#include <vector>

#include "paa/taste/taste.h"

namespace paa {

/// One rating, seen against other people's.
struct TasteEvidence {
  double residual = 0;            ///< rating minus the population's mean rating of the photo (1-7 scale)
  std::span<const float> traits;  ///< the photo's row of a TraitTable
};

/// The defaults were chosen on the training people and training photos of OASIS, from 25 ratings each.
struct TasteReading {
  /// Of each trait, in the order of the vocabulary: how much evidence (sum of squared values) halves the measured
  /// effect. In theory the variance of a residual over the variance of the trait's effect among people: fit_shrinkage
  /// estimates it. Infinite: nothing is read of this trait. Empty: kDefaultShrinkage for all.
  std::vector<double> shrinkage;
  double threshold = 0.05;           ///< points per deviation of the trait; weaker effects are not spoken of
  std::size_t max_items = 3;         ///< at most kMaxTasteItems
  double full_weight = 0.4;          ///< an effect of so many points per deviation has weight 1
  TraitUse traits = TraitUse::kAny;  ///< kTraining for texts to train on: what is held out then stays so
};

inline constexpr double kDefaultShrinkage = 50;

/// Estimates TasteReading::shrinkage from many people (training people only), each with all their ratings. For a trait
/// with centred values x and centred residuals r, a person's x.r has the expected square v (x.x) + t (x.x)^2, where v
/// is the variance of their residuals and t that of the trait's effect among people; so t is the sum of (x.r)^2 - v
/// (x.x) over people, over the sum of (x.x)^2 (method of moments), and the shrinkage is mean v / t; infinite where t is
/// not positive. People of fewer than 3 ratings are left out. Errors: as of read_taste; kInvalidArgument if nobody is
/// left.
std::vector<double> fit_shrinkage(std::span<const std::vector<TasteEvidence>> people,
                                  const TasteVocabulary& vocabulary);

/// The strongest tastes, strongest first. A trait's effect is the slope of the residuals on its values, both centred
/// over the person's own photos, shrunken as in ridge regression: x.r / (x.x + shrinkage). After each taste its effect
/// is taken out of the residuals, so that the next one says something new, and its family is left out. Empty where
/// nothing passes the threshold, and for fewer than 2 ratings. Deterministic; thread-safe. Errors: kInvalidArgument
/// (rows of other lengths than the vocabulary's traits, numbers that are not finite, options outside their ranges).
Taste read_taste(std::span<const TasteEvidence> ratings, const TasteVocabulary& vocabulary,
                 const TasteReading& reading = {});

}  // namespace paa
