#pragma once
// What a frozen decoder would write next, asked for a few words only.

#include <ATen/core/Tensor.h>

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "paa/nn/decoder.h"
#include "paa/pmllm/pmllm.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// As Pmllm::word_logits. Callers hold a c10::InferenceMode guard.
std::vector<std::vector<double>> word_logits(const nn::Decoder& decoder, const Tokenizer& tokenizer,
                                             std::string_view text, std::span<const Completion> completions,
                                             const Cancel* cancel);

/// The tokens of "0" to "9". Error: kUnsupported.
std::array<TokenId, 10> digit_tokens(const Tokenizer& tokenizer);

/// The suffix that asks a question whose answer begins with a digit. Error: kInvalidArgument (no question).
std::vector<TokenId> encode_question(const Tokenizer& tokenizer, std::string_view question);

/// For each hidden state (B, D) the probabilities of the ten tokens among themselves.
std::vector<std::array<double, 10>> among_tokens(const nn::Decoder& decoder, const at::Tensor& hidden,
                                                 const std::array<TokenId, 10>& tokens);

}  // namespace paa
