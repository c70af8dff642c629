#pragma once
// The photos that a person may be asked about, as rows of features.

#include <cstddef>
#include <string>
#include <vector>

#include "paa/dlllm/features.h"
#include "paa/dlllm/photo_features.h"
#include "photo_paths.h"
#include "paa/core/progress.h"
#include "personal_run.h"

namespace paa::cli {

/// A person's photos, each once: copies of a photo are left out.
struct PhotoLibrary {
  std::vector<FeaturedPhoto> photos;
  FeatureRows rows;  ///< one a photo

  /// The photo with these bytes, or photos.size().
  std::size_t find(const std::string& sha256) const;
  /// The SHA-256 of each.
  std::vector<std::string> hashes() const;
};

/// Looks at the photos; says on stderr which could not be read. Errors: those of PhotoFeatures::compute.
PhotoLibrary see_library(PhotoFeatures& features, const FoundPhotos& found, int jobs, const Cancel* cancel,
                         const Progress& progress);
/// The same with what the run sees photos with; shows progress.
PhotoLibrary see_library(PersonalRun& run, const FoundPhotos& found, int jobs, const Cancel* cancel);

}  // namespace paa::cli
