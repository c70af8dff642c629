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
  /// The profiles of a batch of B texts.
  struct Profiles {
    std::vector<at::Tensor>
        states;          // by fusion layer, hidden states of the profiles' tokens (or their mean): (B, S, D)
    at::Tensor present;  // (B, S) float, 0 for padding; undefined where S is 1
  };

  /// What a batch of B texts needs, pasts padded on the right to the longest.
  struct Batch {
    at::Tensor suffix;                // (B, T, D)
    at::Tensor lengths;               // (B) int64
    std::vector<nn::KeyValues> past;  // by layer from the first fusion layer on: (B, kv_heads, P, d)
    Profiles profiles;
  };

  /// Encodes and runs `prefix` followed by each text. Of the profile's tokens it keeps the mean state, or, with
  /// `profile_tokens`, each one's. Errors: those of encode_prefix; kCancelled.
  PrefixStore(const nn::Decoder& decoder, const Tokenizer& tokenizer, std::span<const int> layers,
              std::string_view prefix, std::span<const TokenId> suffix, std::span<const std::string> texts,
              bool profile_tokens, const Progress& progress, const Cancel* cancel);

  std::size_t texts() const { return lengths_.size(); }
  std::int64_t suffix_tokens() const { return suffix_.size(1); }

  /// Mean and unbiased deviation + 1e-3 of the RMS-normalised profile states of all texts but the first, which is the
  /// generic one; with fewer than two others, the mean of all and deviation 1. Each (D).
  std::pair<at::Tensor, at::Tensor> statistics(std::size_t fusion_layer) const;

  Batch gather(std::span<const std::uint32_t> texts) const;
  Profiles gather_profiles(std::span<const std::uint32_t> texts) const;

 private:
  std::vector<std::int64_t> lengths_, begins_;  // by text, in rows of the tensors below
  std::vector<nn::KeyValues> past_;  // by layer: (all tokens + 1, kv_heads, d), the last row zeros for padding
  std::vector<std::int64_t> span_lengths_, span_begins_;  // by text, in rows of profile_
  std::vector<at::Tensor> profile_;  // by fusion layer: (all kept states + 1, D), the last row zeros
  at::Tensor suffix_;                // (texts, T, D)
};

}  // namespace paa
