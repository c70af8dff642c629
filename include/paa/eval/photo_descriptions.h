#pragma once
// A table's photos in words, for language models that cannot see them.

#include <string>
#include <vector>

#include "paa/eval/photo_traits.h"

namespace paa::eval {

/// describe_photo of each photo of the table. Errors: kUnsupported (a model without class names); those of read_image
/// and Pmllm::encode; kCancelled.
std::vector<std::string> photo_descriptions(const Pmllm& model, const RatingTable& table,
                                            const PhotoTraitOptions& options = {});

}  // namespace paa::eval
