#pragma once
// What a model's vision encoder and a photo's pixels tell of the traits that tastes are about.

#include <span>

#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/pmllm/pmllm.h"
#include "paa/taste/trait_table.h"

namespace paa::eval {

/// How photos are gone through.
struct PhotoTraitOptions {
  int jobs = 1;  ///< photos decoded at a time; has no effect on the values
  const Cancel* cancel = nullptr;
  Progress progress;  ///< photos seen
};

/// The traits of the standard vocabulary: class probabilities, image statistics, category and theme. A row for each
/// photo of the table; the reference are the training photos. Photos of no split in `splits` are neither opened nor
/// known: their rows stand for nothing. `splits` must hold kTrain. Errors: those of read_image, Pmllm::encode,
/// class_probabilities and class_names, TraitTable::build (also: no training photo); kCancelled.
TraitTable photo_traits(const Pmllm& model, const RatingTable& table, std::span<const Split> splits,
                        const PhotoTraitOptions& options = {});

}  // namespace paa::eval
