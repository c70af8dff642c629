#pragma once
// A fusion file's tensors as modules.

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/weight_source.h"
#include "paa/nn/rating_head.h"
#include "paa/nn/selective_fusion.h"
#include "paa/nn/taste_fusion.h"
#include "paa/pmllm/fusion_file.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// Mean and deviation that a vector is standardised with.
struct Standardisation {
  at::Tensor mean, scale;
};

struct FusionModules {
  std::vector<nn::SelectiveFusion> fusion;  // one per config.layers
  std::vector<Standardisation> profile;     // same: of a profile's mean state
  nn::TasteFusion taste{nullptr};           // empty unless config.taste
  Standardisation taste_tokens;             // same: of the tokens its reader reads
  Standardisation vision;
  nn::RatingHead head{nullptr};
};

/// What the gates of module `module` read of a profile: (1, D). tokens: (1, S, D), the states of the profile's tokens.
at::Tensor profile_state(const FusionModules& modules, std::size_t module, const at::Tensor& tokens);

/// The tastes that profiles state: (B, d_t). tokens: (B, S, D), the states of the profiles' tokens at the first fusion
/// layer; present: (B, S) float, 0 for padding, or undefined. Only for modules with a taste fusion.
at::Tensor stated_taste(const FusionModules& modules, const at::Tensor& tokens, const at::Tensor& present = {});

/// Tensors by the names they have in a fusion file.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Error: kMismatch if the configuration fuses into a layer that the LLM has not.
void check_layers(const FusionConfig& config, const LlmConfig& llm);

/// Modules as they begin: random matrices (of libtorch's generator), beta 0, standardisations that change nothing. Errors:
/// kMismatch (a layer the LLM has not), kInvalidArgument (two rating words that begin with the same token).
FusionModules build_fusion(const FusionConfig& config, const LlmConfig& llm, const WeightSource& llm_weights,
                           const Tokenizer& tokenizer, std::int64_t vision_width);

/// Builds the modules and fills them. Errors: kNotFound, kMismatch (a tensor's shape), kBadFormat (a tensor the
/// configuration does not account for), kInvalidArgument (two rating words that begin with the same token).
FusionModules load_fusion(const FusionConfig& config, const std::shared_ptr<const WeightSource>& weights,
                          const LlmConfig& llm, const WeightSource& llm_weights, const Tokenizer& tokenizer,
                          std::int64_t vision_width);

/// What is trained: views of the modules' parameters.
NamedTensors fusion_parameters(const FusionConfig& config, const FusionModules& modules);

/// The rest of a fusion file: the standardisations.
NamedTensors fusion_buffers(const FusionConfig& config, const FusionModules& modules);

}  // namespace paa
