#pragma once
// The language model of a loaded model by itself, for what goes on from a text: shared, never copied.

#include <memory>
#include <string>

#include "paa/nn/decoder.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// Immutable; const access is thread-safe.
struct FrozenLlm {
  nn::Decoder decoder;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::string chat_template;  ///< Jinja; empty if the model came without one
  std::string origin;         ///< of the template, for errors
  std::string id;             ///< of weights and precision: "0a1b2c3d4e5f-bf16"
};

}  // namespace paa
