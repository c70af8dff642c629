#pragma once
// The features of a data set's photos, through the cache of photos seen before.

#include <string>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/photo_features.h"
#include "paa/person/concept.h"
#include "paa/pmllm/pmllm.h"
#include "rater_options.h"

namespace paa::cli {

struct PhotoRowsOptions {
  std::vector<std::string> groups;  ///< names of kLowLevelGroups beside the score, and kConceptsGroup
  RaterOptions rater;               ///< only looked at where concepts are wanted
  int jobs = 1;
  const Cancel* cancel = nullptr;
};

struct PhotoRows {
  FeatureLayout layout;           ///< the score in front, the concepts last
  FeatureRows rows;               ///< one for each photo of the table
  std::string population_id;      ///< PhotoFeatures::population_id; empty of a part
  std::vector<Concept> concepts;  ///< of the layout's group, in its order
};

/// The score and the named groups alone.
PhotoRows only_groups(const PhotoRows& photos, const std::vector<std::string>& groups);

/// One row for each photo of the table. Shows progress. Errors: kNotFound (a photo that cannot be read, named), those of
/// PhotoFeatures::compute.
FeatureRows rows_of_table(PhotoFeatures& features, const RatingTable& table, int jobs, const Cancel* cancel);

/// Concepts are the standard ones, without those that hardly vary over the training photos: they are named on stderr.
/// Shows progress. Errors: a photo that cannot be read (named), those of PhotoFeatures and of the rater, kCancelled.
PhotoRows photo_rows(const Pmllm& model, const RatingTable& table, const PhotoRowsOptions& options);

}  // namespace paa::cli
