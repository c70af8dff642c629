#pragma once
// Fits what per-person models need from other people: empirical Bayes over the ratings of training people.

#include <cstddef>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/population.h"

namespace paa {

/// What is fitted, and how long.
struct FitPopulationOptions {
  std::vector<std::string> groups;  ///< of the layout, beside the score; none: all of them
  int iterations = 60;              ///< of the variance components, at least 1
  std::uint64_t seed = 0;           ///< of folds and of the supports that spreads are calibrated on
  const Cancel* cancel = nullptr;
  Progress progress;  ///< iterations done and in all
};

/// Fits the prior scales of all groups, offset, tilt and noise, intercept and slope by maximising the evidence of the
/// training people's ratings of training photos: MM steps for variance components (Zhou, Hu, Zhou & Lange 2019) between
/// generalised least squares for the means. The model was trained on these photos, so its own scores of them are better
/// than they would be of a photo it never saw; in their place stands the out-of-fold prediction of a ridge regression
/// on all groups, which errs about as much as the model does on new photos (unless the groups know far less of the
/// ratings than the score does). Then the spread is calibrated on the ratings of validation photos by training and
/// validation people: `noise_strength` by predictive likelihood, `factor` by the coverage of 80 % intervals. Test
/// people and test photos are not looked at.
///
/// rows: one for each photo of the table; layout: of their columns, with the score alone in the first group. The same
/// arguments give the same numbers on one machine. Errors: kInvalidArgument (another number of rows or columns, no
/// score, an unknown group, fewer than 10 training people or 20 training photos, a validation split without ratings);
/// kCancelled.
Population fit_population(const RatingTable& table, const FeatureLayout& layout, const FeatureRows& rows,
                          const FitPopulationOptions& options = {});

}  // namespace paa
