#pragma once
// What a prompt's image-free prefix leaves behind in a frozen decoder.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "paa/nn/decoder.h"
#include "paa/nn/kv_cache.h"
#include "paa/pmllm/prompt.h"

namespace paa {

struct PrefixStates {
  std::vector<nn::KeyValues> past;  // of the prefix, for each layer from the first fusion layer on: (1, kv_heads, P, d)
  std::vector<at::Tensor> profile;  // by fusion layer: the hidden states of the profile's tokens, (1, S, D)
  at::Tensor suffix;                // (1, T, D), entering the first fusion layer: it has seen no photo yet
};

/// Runs prefix and suffix as far as no photo is needed. layers: the fusion layers, ascending. Thread-safe.
PrefixStates run_prefix(const nn::Decoder& decoder, std::span<const int> layers, const PromptPrefix& prefix,
                        std::span<const TokenId> suffix);

}  // namespace paa
