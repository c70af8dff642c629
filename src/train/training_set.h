#pragma once
// All samples of a training, as its configuration mixes them.

#include <memory>
#include <optional>
#include <set>
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

/// What simulated tastes are about: the standard vocabulary's traits, then the encoder's classes; and the values of the
/// table's training photos, by photo. The rows of all other photos say nothing.
struct TrainingTraits {
  TasteVocabulary vocabulary;
  TraitTable table;
};

/// Errors: those of read_image, read_class_names and with_classes.
TrainingTraits training_traits(const TrainingRatings& ratings, const TrainingPhotos& photos);

/// Tastes of training people, read off a random half of their ratings and put into words (in the vocabulary's training
/// wordings; no held-out traits). Targets are their ratings of the other half, less the person's own mean difference
/// from the others. The texts are added to `stated`. Error: kInvalidArgument if nobody has a taste that can be read.
std::unique_ptr<SampleSource> real_taste_samples(const TrainingRatings& ratings, const TrainingConfig& config,
                                                 const ProfileWording& wording, const TraitTable& traits, Texts& texts,
                                                 std::set<std::uint32_t>& stated);

/// `count` invented tastes in words, of training traits in training wordings. The same for the same seed and stream.
std::vector<StatedText> simulated_texts(const TrainingRatings& ratings, const TrainingTraits& traits,
                                        std::uint64_t seed, std::uint64_t stream, int count,
                                        const ProfileWording& wording, Texts& texts);

/// Invented tastes in words. Targets are the photo's ratings by all training people, each moved as the taste has it.
/// The texts are added to `stated`; refers to `traits`.
std::unique_ptr<SampleSource> simulated_taste_samples(const TrainingRatings& ratings, const TrainingConfig& config,
                                                      const ProfileWording& wording, const TrainingTraits& traits,
                                                      Texts& texts, std::set<std::uint32_t>& stated);

/// Immutable; refers to the table. Stays where it is made: its samples refer to its traits.
class TrainingSet {
 public:
  /// Errors: those of the sources whose share is not 0.
  TrainingSet(const RatingTable& table, const TrainingConfig& config, const FusionConfig& fusion,
              const TrainingPhotos& photos);
  TrainingSet(const TrainingSet&) = delete;
  TrainingSet& operator=(const TrainingSet&) = delete;

  const TrainingRatings& ratings() const { return ratings_; }
  const std::vector<std::string>& texts() const { return texts_.all(); }

  /// The texts that hold free text about a person. All others state no taste.
  const std::set<std::uint32_t>& stated() const { return stated_; }
  /// Nothing where no share of stated tastes and no taste matching is asked.
  const std::optional<TrainingTraits>& traits() const { return traits_; }

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
  std::set<std::uint32_t> stated_;
  std::optional<TrainingTraits> traits_;
  SampleMix mix_;
  std::vector<std::uint32_t> validation_photos_;
  std::vector<double> validation_means_;
};

}  // namespace paa
