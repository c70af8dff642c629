#include "concept_rater.h"

#include <fmt/format.h>

#include "paa/core/error.h"
#include "paa/dlllm/anchor_rater.h"
#include "paa/dlllm/digit_rater.h"
#include "personal_run.h"

namespace paa::cli {

std::unique_ptr<HighLevelRater> concept_rater(const std::string& name, const Pmllm& model) {
  if (name.empty()) return nullptr;
  if (name == kAnchors) return std::make_unique<AnchorRater>(model, feature_cache_folder());
  if (name == kDigits) return std::make_unique<DigitRater>(model);
  throw Error(ErrorCode::kUnsupported,
              fmt::format("there is no rater of concepts \"{}\"; there are {} and {}", name, kAnchors, kDigits));
}

}  // namespace paa::cli
