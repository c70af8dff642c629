#pragma once
// Another rater's answers, remembered on disk: a photo is rated on a concept once.

#include <filesystem>
#include <memory>

#include "paa/dlllm/high_level.h"

namespace paa {

/// Keeps ratings by the photo's SHA-256, the concept's text and the rater's id, one file a concept (FeatureCache). Only
/// what is missing is asked for, photo by photo, and each photo is on disk before the next is asked about. What is
/// damaged counts as missing. Not thread-safe; several processes may use one folder.
class CachedRater : public HighLevelRater {
 public:
  /// The rater must outlive it. Error: kIo (the folder cannot be made).
  CachedRater(HighLevelRater& rater, std::filesystem::path folder);
  CachedRater(CachedRater&&) noexcept;
  CachedRater& operator=(CachedRater&&) noexcept;
  ~CachedRater() override;

  std::string id() const override;
  bool needs_image() const override;

  /// Errors: those of the rater and of FeatureCache.
  std::vector<ConceptRating> rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                  const Cancel* cancel = nullptr, const Progress& progress = {}) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
