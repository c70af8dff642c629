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

  /// The tastes of all texts: (texts, d_t), zeros for those that state none. Until they are set, tastes move nothing.
  void set_tastes(at::Tensor tastes) { tastes_ = std::move(tastes); }

  /// Logits of the levels: (B, levels). Gradients flow through the suffix tokens, from the first fusion layer up, into
  /// the modules.
  at::Tensor forward(const FusionBatch& batch) const;

 private:
  at::Tensor with_tastes(const at::Tensor& hidden, const std::vector<std::uint32_t>& texts,
                         const at::Tensor& pooled) const;

  const nn::Decoder& decoder_;
  const PrefixStore& prefixes_;
  const TokenCache& tokens_;
  FusionConfig config_;
  FusionModules modules_;
  at::Tensor tastes_;
};

/// Fills every parameter as training begins with it, from `random`: matrices uniform within 1 / sqrt(inputs) as
/// torch::nn::Linear, gate matrices normal with deviation .01, everything else 0.
void initialise(FusionModules& modules, Random& random);

}  // namespace paa
