#pragma once
// The features of a data set's photos, through the cache of photos seen before.

#include <string>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/dlllm/features.h"
#include "paa/pmllm/pmllm.h"

namespace paa::cli {

struct PhotoRows {
  FeatureLayout layout;       ///< the score in front
  FeatureRows rows;           ///< one for each photo of the table
  std::string population_id;  ///< PhotoFeatures::population_id
};

/// `groups`: names of kLowLevelGroups beside the score. Shows progress. Errors: a
/// photo that cannot be read (named), those of PhotoFeatures, kCancelled.
PhotoRows photo_rows(const Pmllm& model, const RatingTable& table, const std::vector<std::string>& groups, int jobs,
                     const Cancel* cancel);

}  // namespace paa::cli
