#pragma once
// What the handles PreparedProfile and VisionTokens hold.

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "paa/nn/kv_cache.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

struct PreparedProfile::State {
  std::string model_hash;
  std::string text;
  std::int64_t length = 0;            // P, tokens of the prefix
  std::vector<nn::KeyValues> past;    // of the prefix, for each layer from the first fusion layer on: (1, kv_heads, P, d),
                                      // padded behind with zeros to a multiple of Scorer::kPastStep
  std::vector<at::Tensor> profile;    // what the gates of each fusion layer read of the profile: (1, D)
  at::Tensor taste;                   // that it states, (1, d_t), zeros where it states none; undefined without taste fusion
  at::Tensor suffix;                  // (1, T, D), entering the first fusion layer: it has seen no photo yet
};

struct VisionTokens::State {
  std::string model_hash;
  at::Tensor tokens;  // (N, D_v) float, as the encoder gives them
};

}  // namespace paa
