#pragma once
// The tokenizer that a GGUF file carries in its metadata.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paa/text/tokenizer.h"

namespace paa {

/// The metadata fields "tokenizer.ggml.*", as they stand in the file.
struct GgufTokenizerFields {
  std::string model;                ///< "model"
  std::string pre;                  ///< "pre"
  std::vector<std::string> tokens;  ///< "tokens", by id
  std::vector<std::int32_t>
      token_types;                   ///< "token_type": 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte
  std::vector<std::string> merges;   ///< "merges": "left right"
  std::optional<std::uint32_t> bos;  ///< "bos_token_id"
  std::optional<std::uint32_t> eos;  ///< "eos_token_id"
  bool add_space_prefix = false;     ///< "add_space_prefix"
};

/// Builds the tokenizer. Supported: model "gpt2" with the pre-tokenizers that PreTokenizer knows. Control tokens are
/// special; user-defined ones are found in any text. "add_bos_token" does not matter here: a Tokenizer adds nothing.
/// `origin` names the file in errors. Errors: kUnsupported (another model, pre-tokenizer, token type or a space
/// prefix), kBadFormat (no tokens, one type for each is not there, a merge without a space, and those of ByteLevelBpe).
std::unique_ptr<Tokenizer> make_gguf_tokenizer(GgufTokenizerFields fields, std::string_view origin);

}  // namespace paa
