#pragma once
// The frozen decoder's prefix states of every distinct training text.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "pmllm/prefix_states.h"

namespace paa {

/// Immutable; const access is thread-safe. Texts are known by their index.
class PrefixStore {
 public:
  /// What a batch of B texts needs, pasts padded on the right to the longest.
  struct Batch {
    at::Tensor suffix;                 // (B, T, D)
    at::Tensor lengths;                // (B) int64
    std::vector<nn::KeyValues> past;   // by layer from the first fusion layer on: (B, kv_heads, P, d)
    std::vector<at::Tensor> profiles;  // by fusion layer, mean states of the profiles' tokens: (B, D)
  };

  /// Encodes and runs `prefix` followed by each text. Errors: those of encode_prefix; kCancelled.
  PrefixStore(const nn::Decoder& decoder, const Tokenizer& tokenizer, std::span<const int> layers,
              std::string_view prefix, std::span<const TokenId> suffix, std::span<const std::string> texts,
              const Progress& progress, const Cancel* cancel);

  std::size_t texts() const { return lengths_.size(); }
  std::int64_t suffix_tokens() const { return suffix_.size(1); }

  /// Mean and unbiased deviation + 1e-3 of the RMS-normalised profile states of all texts but the first, which is the
  /// generic one; with fewer than two others, the mean of all and deviation 1. Each (D).
  std::pair<at::Tensor, at::Tensor> statistics(std::size_t fusion_layer) const;

  Batch gather(std::span<const std::uint32_t> texts) const;

 private:
  std::vector<std::int64_t> lengths_, begins_;  // by text, in rows of the tensors below
  std::vector<nn::KeyValues> past_;  // by layer: (all tokens + 1, kv_heads, d), the last row zeros for padding
  std::vector<at::Tensor> profile_;  // by fusion layer: (texts, D)
  at::Tensor suffix_;                // (texts, T, D)
};

}  // namespace paa
