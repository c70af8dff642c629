#pragma once
// Fusion modules in a frozen decoder, with gradients.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "paa/core/random.h"
#include "paa/nn/decoder.h"
#include "pmllm/load_fusion.h"
#include "prefix_store.h"
#include "samples.h"
#include "token_cache.h"

namespace paa {

/// A step's input.
struct FusionBatch {
  std::vector<std::uint32_t> texts;  // (B)
  at::Tensor rows;                   // (B) int64, of the token cache
  at::Tensor keep;                   // (B, N) bool, or undefined: all tokens
  std::vector<at::Tensor> dropout;   // by module: (B, T, d_f), or empty
};

/// The modules share their parameters with whoever built them. Not thread-safe while training.
class FusionModel {
 public:
  FusionModel(const nn::Decoder& decoder, const PrefixStore& prefixes, const TokenCache& tokens,
              const FusionConfig& config, FusionModules modules)
      : decoder_(decoder), prefixes_(prefixes), tokens_(tokens), config_(config), modules_(std::move(modules)) {}

  const FusionConfig& config() const { return config_; }
  FusionModules& modules() { return modules_; }
  const PrefixStore& prefixes() const { return prefixes_; }
  const TokenCache& tokens() const { return tokens_; }

  struct Output {
    at::Tensor logits;          // (B, levels)
    at::Tensor seen;            // (B, d_f): what the read-out position sees in the last module, before its gate
    at::Tensor profile_logits;  // (B, gates): what the profiles add to that gate; undefined if it does not read them
  };

  /// Gradients flow through the suffix tokens, from the first fusion layer up, into the modules.
  Output forward(const FusionBatch& batch) const;

  /// Output::profile_logits of texts alone, without photos.
  at::Tensor profile_logits(std::span<const std::uint32_t> texts) const;

 private:
  const nn::Decoder& decoder_;
  const PrefixStore& prefixes_;
  const TokenCache& tokens_;
  FusionConfig config_;
  FusionModules modules_;
};

/// Fills every parameter as training begins with it, from `random`: matrices uniform within 1 / sqrt(inputs) as
/// torch::nn::Linear, gate matrices normal with deviation .01 (but that over a reader, which is uniform), biases, beta
/// and temperature 0.
void initialise(FusionModules& modules, Random& random);

}  // namespace paa
