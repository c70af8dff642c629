#pragma once
// The names of the vision encoder's classes.

#include <string>
#include <vector>

#include "paa/checkpoint/model_folder.h"

namespace paa {

/// The lines of a model folder's part "class_names". Errors: as of check_parts; kBadFormat (not one line a class).
std::vector<std::string> read_class_names(const ModelPart& part);

}  // namespace paa
