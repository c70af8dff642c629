#pragma once
// All samples of a training, as its configuration mixes them.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/taste/taste.h"
#include "paa/train/training_config.h"
#include "paa/pmllm/fusion_file.h"
#include "pmllm/frozen_parts.h"
#include "samples.h"
#include "token_cache.h"

namespace paa {

/// What the traits of photos are found from.
struct TrainingPhotos {
  const ModelFolder& folder;
  const nn::EfficientNetLite& vision;
  const TokenCache& tokens;
  std::span<const ViewedPhoto> files;
  const Cancel* cancel = nullptr;
};

/// The traits of the table's training photos, by photo; the rows of all others say nothing. Errors: those of
/// read_image.
TraitTable training_traits(const TrainingRatings& ratings, const TasteVocabulary& vocabulary,
                           const TrainingPhotos& photos);

/// Tastes of training people, read off a random half of their ratings and put into words (in the vocabulary's training
/// wordings; no held-out traits). Targets are their ratings of the other half, less the person's own mean difference
/// from the others. Error: kInvalidArgument if nobody has a taste that can be read.
std::unique_ptr<SampleSource> real_taste_samples(const TrainingRatings& ratings, const TrainingConfig& config,
                                                 const ProfileWording& wording, const TasteVocabulary& vocabulary,
                                                 const TraitTable& traits, Texts& texts, StatedTastes& stated);

/// Invented tastes in words. Targets are the photo's ratings by all training people, each moved as the taste has it.
std::unique_ptr<SampleSource> simulated_taste_samples(const TrainingRatings& ratings, const TrainingConfig& config,
                                                      const ProfileWording& wording, const TasteVocabulary& vocabulary,
                                                      const TraitTable& traits, Texts& texts, StatedTastes& stated);

/// Immutable; refers to the table.
class TrainingSet {
 public:
  /// Errors: those of the sources whose share is not 0.
  TrainingSet(const RatingTable& table, const TrainingConfig& config, const FusionConfig& fusion,
              const TrainingPhotos& photos);

  const TrainingRatings& ratings() const { return ratings_; }
  const std::vector<std::string>& texts() const { return texts_.all(); }

  /// What the texts state, and the traits of training photos; empty and nothing where no share of stated tastes is
  /// asked.
  const StatedTastes& stated() const { return stated_; }
  const std::optional<TraitTable>& traits() const { return traits_; }

  /// The `count` samples of a step, in the order of kinds.
  std::vector<TrainingSample> draw(std::uint64_t step, std::size_t count, Random& random) const {
    return mix_.draw(step, count, random);
  }

  /// Validation photos that validation people rated, and the means of those ratings.
  const std::vector<std::uint32_t>& validation_photos() const { return validation_photos_; }
  const std::vector<double>& validation_means() const { return validation_means_; }

 private:
  TrainingRatings ratings_;
  Texts texts_;
  StatedTastes stated_;
  std::optional<TraitTable> traits_;
  SampleMix mix_;
  std::vector<std::uint32_t> validation_photos_;
  std::vector<double> validation_means_;
};

}  // namespace paa
