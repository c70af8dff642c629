#pragma once
// Who rates photos on concepts.

#include <memory>
#include <string>
#include <vector>

#include "paa/dlllm/high_level.h"
#include "paa/pmllm/pmllm.h"

namespace paa::cli {

/// Names of raters, as --rater and population files have them.
inline constexpr const char* kAnchors = "anchors";  ///< AnchorRater
inline constexpr const char* kDigits = "digits";    ///< DigitRater

/// The rater of that name over the model, which must outlive it; null for an empty name. Error: kUnsupported (another
/// name: the names are told).
std::unique_ptr<HighLevelRater> concept_rater(const std::string& name, const Pmllm& model);

}  // namespace paa::cli
