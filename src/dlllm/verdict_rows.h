#pragma once
// What verdicts say, as values of the process that a population's prior is of.

#include <span>
#include <vector>

#include "laplace.h"
#include "paa/dlllm/personal_predictor.h"
#include "paa/dlllm/population.h"
#include "prior_features.h"

namespace paa {

/// One row a verdict: a rating; the difference of two; or a rating less the person's threshold, its sign turned for a
/// rejected photo.
struct VerdictRows {
  FloatRows features;           // (n, PriorFeatures::size())
  Eigen::VectorXd prior_means;  // (n)
  std::vector<LikelihoodTerm> terms;
  std::size_t stars = 0;  // how many are ratings
};

/// Error: kInvalidArgument (a row that does not exist, a rating that is not finite).
void check_verdict(const FeatureRows& photos, const Observation& about);

/// `photos` has been checked. Errors: those of check_verdict.
VerdictRows verdict_rows(const PriorFeatures& prior, double noise, const FeatureRows& photos,
                         std::span<const Observation> observations);

}  // namespace paa
