#pragma once
// The frozen decoder's states of many texts at one layer, for what reads texts token by token.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paa/core/progress.h"
#include "paa/nn/decoder.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// The states of the profiles' tokens that enter one layer. Nothing above the layer is computed, and texts of about the
/// same length go through side by side: a tenth of the time of PrefixStore. Held in half precision. Immutable; const
/// access is thread-safe.
class TextStates {
 public:
  /// `prefix` stands before each text, as in the prompt. Errors: those of encode_prefix; kCancelled.
  TextStates(const nn::Decoder& decoder, const Tokenizer& tokenizer, std::int64_t layer, std::string_view prefix,
             std::span<const std::string> texts, const Progress& progress, const Cancel* cancel);

  std::size_t texts() const { return lengths_.size(); }

  /// Mean and unbiased deviation + 1e-3 of the RMS-normalised states of all tokens of all texts, each (D).
  std::pair<at::Tensor, at::Tensor> statistics() const;

  struct Batch {
    at::Tensor tokens;   // (B, S, D) float, zeros behind shorter texts
    at::Tensor present;  // (B, S) float
  };
  Batch gather(std::span<const std::uint32_t> texts) const;

 private:
  at::Tensor tokens_;  // (all tokens, D) half
  std::vector<std::int64_t> begins_, lengths_;
};

}  // namespace paa
