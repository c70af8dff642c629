#pragma once
// What the vision encoder's classifier and the pixels tell of a table's photos.

#include <functional>
#include <span>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/eval/photo_traits.h"
#include "paa/image/statistics.h"
#include "paa/pmllm/pmllm.h"

namespace paa::eval {

/// Hands each photo's class probabilities (none of a model without class names) and statistics to `sink`, in the order
/// of `photos`, which are indices. Errors: those of read_image, Pmllm::encode and class_names; kCancelled.
void look_at_photos(
    const Pmllm& model, const RatingTable& table, std::span<const std::size_t> photos, const PhotoTraitOptions& options,
    const std::function<void(std::size_t photo, std::vector<float> classes, const ImageStatistics& statistics)>& sink);

}  // namespace paa::eval
