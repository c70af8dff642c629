#pragma once
// How fusion modules are trained: everything that decides the result, in one file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "paa/core/json.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// Parts of a batch, by what is said of the person. They are normalised to a sum of 1.
struct SampleShares {
  double generic = 1;           ///< nothing is said; the target is the photo's ratings by all training people
  double demographics = 0;      ///< the fields of a person; the target is the ratings of all who share them
  double stated_real = 0;       ///< tastes read off one half of a person's ratings; targets are the other half
  double stated_simulated = 0;  ///< invented tastes; the target is the photo's ratings, shifted as the taste has it
};

/// The first phase of a training with a taste fusion (FusionConfig::Taste): it learns what texts and photos have to do
/// with each other from simulated tastes alone, without the LLM in the loop; the ratings come after. Thousands of texts are
/// needed to learn what words mean, and a step costs a tenth of one with ratings.
struct TasteMatching {
  int steps = 0;     ///< 0: no such phase; needed if the fusion has a taste fusion, and only then
  int texts = 6000;  ///< distinct texts of simulated tastes
  int batch = 128;   ///< texts and photos of a step; every text is matched with every photo
};

/// Weights of the terms of the loss; 0 leaves a term out.
struct LossWeights {
  double cross_entropy = 1;  ///< to the soft distribution of ratings over the five levels
  double plcc = 0;           ///< 1 - Pearson correlation of predicted and target means over the batch
  double pairwise = 0;  ///< logistic loss over the batch's pairs (RankNet, Burges et al. 2005), by target difference
};

/// Step sizes of the optimiser, by kind of parameter.
struct LearningRates {
  double main = 1e-3;          ///< query, key, value and output matrices
  double gate = 1e-4;          ///< gate matrices but the next; with the main rate gates saturate
  double gate_profile = 3e-3;  ///< the gate's view of the profile, without weight decay
  double scalars = 1e-2;       ///< beta, level biases and temperature, without weight decay
  double taste = 1e-3;         ///< the taste fusion, in the phase of taste matching
};

/// The JSON of `paa train --config` (contracts.md, "Files"). A plain value.
struct TrainingConfig {
  std::string name = "fusion";   ///< of the fusion file
  Json fusion = Json::object();  ///< laid over default_fusion() as a JSON merge patch (RFC 7386)
  std::uint64_t seed = 0;
  int epochs = 12;                         ///< passes over as many samples as there are training photos
  int batch = 32;                          ///< samples of one process
  Precision precision = Precision::kAuto;  ///< of the frozen LLM; the trained weights are fp32 always
  int views = 8;               ///< the photo itself, mirrored, and crops of 80 to 100 %, half of them mirrored
  double token_dropout = 0.3;  ///< most of a photo's tokens that are hidden in a step; drawn from [0, this)
  double channel_dropout = 0;  ///< of what a module adds, before its output matrix
  SampleShares samples;
  int simulated_texts = 1000;   ///< distinct texts of invented tastes
  int wordings_per_person = 2;  ///< texts of each training person's own tastes
  double simulated_shift = 1;   ///< rating points that a full-strength invented taste moves a rating
  LossWeights loss;
  TasteMatching taste_matching;
  LearningRates learning_rate;
  double weight_decay = 0.05;
  int warmup_steps = 20;       ///< of a linear rise, then a cosine to 0
  double clip = 1;             ///< largest norm of the gradient
  double ema = 0.97;           ///< weight of the past in the averaged weights, less in the first steps
  int checkpoint_every = 100;  ///< steps
  int validate_every = 100;    ///< steps
  bool select_best = false;    ///< take the weights of the best validation instead of the last ones
};

/// Errors (kBadFormat): an unknown key, a wrong type or a value out of range, each named. Thread-safe.
TrainingConfig training_config_from_json(const Json& json, std::string_view origin);
/// Same, from a file. Errors: also those of read_json.
TrainingConfig read_training_config(const std::filesystem::path& path);
/// Everything the configuration says, in full. training_config_from_json of it gives the same configuration.
Json training_config_to_json(const TrainingConfig& config);

/// The fusion file's JSON that TrainingConfig::fusion is laid over: two head-gated modules at 3/4 and 7/8 of
/// SmolLM2-135M, its prompt, and photos at 256 x 224.
Json default_fusion();

}  // namespace paa
