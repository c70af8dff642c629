#pragma once
// Photo files in, rows of features out: decoded on a few threads, seen by the model once, remembered on disk.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/high_level.h"
#include "paa/dlllm/measured_concept.h"
#include "paa/dlllm/person_model.h"
#include "paa/dlllm/population.h"
#include "paa/person/concept.h"
#include "paa/person/profile.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// What is computed for a photo, and where it is remembered.
struct PhotoFeaturesOptions {
  std::vector<std::string> groups;  ///< low-level ones, beside the score
  HighLevelRater* rater = nullptr;  ///< of concepts; must outlive the object; null: no concepts
  std::vector<Concept> concepts, own_concepts;
  /// By own concept: those that have a measure are rated by it instead, from the row's other columns. Empty: none has one.
  std::vector<std::optional<MeasuredConcept>> measures;
  Profile profile;              ///< whose score is wanted beside the generic one; empty: nobody's
  std::filesystem::path cache;  ///< folder of caches; empty: nothing is remembered
};

/// A photo that is in memory already. A view: valid during the call.
struct OpenPhoto {
  std::string sha256;            ///< of the file's bytes: by it the photo is remembered and known to person files
  const Image* image = nullptr;  ///< as it was decoded, not null: of a smaller copy the statistics differ
  std::filesystem::path path;    ///< where it lies; empty: not known
};

/// What is known of one photo.
struct FeaturedPhoto {
  std::filesystem::path path;
  std::string sha256;                ///< of the file's bytes
  std::vector<float> row;            ///< layout().columns() values, the score without a profile in front
  std::vector<float> profile_score;  ///< one number, or none without a profile
  std::string kept;                  ///< what `keep` made of the pixels
  std::string error;                 ///< empty unless the photo failed; names the photo

  /// Whether the photo could not be read; `error` says why.
  bool failed() const noexcept { return !error.empty(); }
};

/// How many photos are handled at a time, and what is done with them on the way.
struct PhotoStream {
  int jobs = 1;  ///< photos read and decoded at a time; has no effect on the values
  /// Called with the decoded photo, on several threads at once; such as a maker of thumbnails. Without it, photos that
  /// are remembered are not decoded.
  std::function<std::string(const Image&)> keep;
  const Cancel* cancel = nullptr;
};

/// Computes rows for files. The model must outlive it; not thread-safe.
class PhotoFeatures {
 public:
  /// Errors: those of LowLevelFeatures and FeatureCache.
  PhotoFeatures(const Pmllm& model, const PhotoFeaturesOptions& options);
  PhotoFeatures(PhotoFeatures&&) noexcept;
  PhotoFeatures& operator=(PhotoFeatures&&) noexcept;
  ~PhotoFeatures();

  /// What the columns of FeaturedPhoto::row mean.
  const FeatureLayout& layout() const noexcept;
  /// Rows of equal ids mean the same.
  const FeatureIds& ids() const noexcept;
  /// What a Population's `features` must be to go with these rows: the list of columns, without the person's own and
  /// whatever the model's number type is.
  const std::string& population_id() const noexcept;

  /// Hands each photo to `sink`, in the order of `photos`. One that cannot be read reaches `sink` with its error and
  /// stops no other. `sink` is called from this thread; what it throws ends the call. Errors: kCancelled; those of the
  /// model and the rater.
  void compute(std::span<const std::filesystem::path> photos, const PhotoStream& stream,
               const std::function<void(FeaturedPhoto)>& sink);

  /// The same for photos in memory, in their order; none fails by itself. `progress` counts photos. Errors: kCancelled;
  /// those of the model and the rater.
  std::vector<FeaturedPhoto> compute(std::span<const OpenPhoto> photos, const Progress& progress = {},
                                     const Cancel* cancel = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
