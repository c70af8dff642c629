#pragma once
// How much of what people rate lies in the photo: the intraclass correlation.

#include <optional>

#include "paa/data/rating_table.h"

namespace paa {

/// ICC(1), one-way random effects, single rating (Shrout & Fleiss 1979), with photos as targets:
///
///   (MSB - MSW) / (MSB + (n0 - 1) MSW),   n0 = (N - sum n_i^2 / N) / (k - 1)
///
/// for k photos with n_i of all N ratings; n0 stands for the number of raters, which is not the same for each photo
/// (analysis-of-variance estimator, Donner 1986). It is 1 where people agree fully and can be below 0. Photos without a
/// rating do not count. Nothing if it is undefined: fewer than two photos, no photo with two ratings, or all ratings
/// alike. Thread-safe.
std::optional<double> icc1(const RatingTable& table);

}  // namespace paa
