#pragma once
// Fits how sure a population's predictions are to ratings that it was not fitted to.

#include <cstdint>
#include <vector>

#include "paa/core/progress.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/population.h"

namespace paa {

/// One person: rows and ratings to learn from, and rows and ratings to predict.
struct CalibrationPerson {
  std::vector<std::size_t> known, asked;  ///< rows
  std::vector<double> known_ratings, asked_ratings;
};

/// Supports of several sizes are drawn from each person's known ratings. Error: kInvalidArgument if nobody is to be
/// asked; kCancelled.
SpreadCalibration calibrate_spread(const Population& population, const FeatureRows& rows,
                                   const std::vector<CalibrationPerson>& people, std::uint64_t seed,
                                   const Cancel* cancel);

}  // namespace paa
