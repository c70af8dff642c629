#pragma once
// Low-level features of photos: what a deep model and simple formulas see in them (DL-LLM's low-level side).
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/dlllm/features.h"
#include "paa/image/composition.h"
#include "paa/image/image.h"
#include "paa/image/statistics.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// Names of feature groups.
inline constexpr const char* kScoreGroup = "score";      ///< P-MLLM's score without a profile, model's scale; 1
inline constexpr const char* kPooledGroup = "pooled";    ///< the vision encoder's pooled features
inline constexpr const char* kClassesGroup = "classes";  ///< log of the encoder's class probabilities, less their mean
inline constexpr const char* kHiddenGroup =
    "hidden";  ///< P-MLLM's last hidden state without a profile (Ryu & Yanaka 2026)
inline constexpr const char* kStatisticsGroup = "statistics";    ///< image_statistics
inline constexpr const char* kCompositionGroup = "composition";  ///< composition_statistics
inline constexpr std::array<const char*, 6> kLowLevelGroups = {kScoreGroup,  kPooledGroup,     kClassesGroup,
                                                               kHiddenGroup, kStatisticsGroup, kCompositionGroup};

/// What is kept of a decoded photo: small, so that photos can be decoded ahead of the model.
struct SeenPhoto {
  Image fitted;
  ImageStatistics statistics;         ///< 0 unless the group is wanted
  CompositionStatistics composition;  ///< 0 unless the group is wanted
};

/// Computes chosen groups of low-level features. The values depend on the photo and the model alone, not on a person.
/// The model must outlive it; const members are thread-safe.
class LowLevelFeatures {
 public:
  /// `groups`: names of kLowLevelGroups, in any order; columns stand in the order of kLowLevelGroups. Errors:
  /// kInvalidArgument (no group, a group twice, a name that is none: the names are told); kUnsupported (classes of a
  /// model without class names).
  LowLevelFeatures(const Pmllm& model, std::span<const std::string> groups);
  LowLevelFeatures(LowLevelFeatures&&) noexcept;
  LowLevelFeatures& operator=(LowLevelFeatures&&) noexcept;
  ~LowLevelFeatures();

  /// What the columns of computed rows mean.
  const FeatureLayout& layout() const noexcept;
  /// "MODELHASH-" and a hash of the layout: rows of equal ids mean the same. Groups that are not wanted have no part in
  /// it, so a library with more of them gives the same id.
  const std::string& id() const noexcept;

  /// The part that needs the pixels of the whole photo. Error: kInvalidArgument (an empty image).
  SeenPhoto see(const Image& photo) const;

  /// One row a photo. No row depends on what else is in the call beyond the tolerance of Pmllm. Errors: kCancelled.
  FeatureRows compute(std::span<const SeenPhoto> photos, const Cancel* cancel = nullptr) const;
  /// Same, of photos whose vision tokens are there already: tokens[i] is photos[i].fitted encoded.
  FeatureRows compute(std::span<const SeenPhoto> photos, std::span<const VisionTokens> tokens,
                      const Cancel* cancel = nullptr) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
