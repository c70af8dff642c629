#pragma once
// Photos in, scores out, in the same order and in memory that does not grow with their number.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/dlllm/reasons.h"
#include "paa/pmllm/pmllm.h"
#include "photo_paths.h"

namespace paa::cli {

/// One photo's outcome: a score for each profile, or an error.
struct ScoredPhoto {
  std::filesystem::path path;
  std::vector<Score> scores;  ///< in the order of the profiles; empty if the photo failed
  std::string thumbnail;      ///< JPEG bytes; empty unless asked for
  std::string error;          ///< empty unless the photo failed; names the photo
  std::optional<Reasons> reasons = {};  ///< of the first score, where it was made from a person's ratings

  bool failed() const noexcept { return !error.empty(); }
};

struct ScoreStreamOptions {
  int jobs = 1;            ///< photos decoded at a time, beside the model; has no effect on the scores
  int thumbnail_side = 0;  ///< longer side of the thumbnails in pixels; 0 for none
};

/// Scores `photos` for every profile and hands each to `sink` in the order of `photos`, as soon as the chunk of photos
/// it belongs to is done. A photo that cannot be read reaches `sink` with its error and does not stop the others.
/// `sink` is called from this thread; what it throws ends the call. Errors: those of Pmllm::encode and score;
/// kCancelled.
void score_photos(const Pmllm& model, std::span<const PreparedProfile> profiles, std::span<const PhotoPath> photos,
                  const ScoreStreamOptions& options, const Cancel* cancel,
                  const std::function<void(ScoredPhoto)>& sink);

}  // namespace paa::cli
