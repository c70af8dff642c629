#pragma once
// The prompt as tokens: an image-free prefix that holds the profile, and the suffix that sees the photo.

#include <string_view>
#include <vector>

#include "paa/text/tokenizer.h"

namespace paa {

/// The prefix [template | profile text] and the place of the profile in it.
struct PromptPrefix {
  std::vector<TokenId> ids;
  /// Tokens [span_begin, span_end) overlap the profile's text. Never holds the first token of the sequence, which is an
  /// attention sink.
  std::size_t span_begin = 0;
  std::size_t span_end = 0;
};

/// More profile tokens than this are refused, never cut.
inline constexpr std::size_t kMaxProfileTokens = 256;

/// Encodes `prefix` followed by `profile` as one string (the prefix's trailing space merges into the first word), adding
/// nothing. Special tokens are recognised in `prefix` only: "<|im_end|>" typed by a person becomes plain tokens.
/// Thread-safe. Errors: kLimitExceeded (kMaxProfileTokens), kInvalidArgument (an empty prefix or profile).
PromptPrefix encode_prefix(const Tokenizer& tokenizer, std::string_view prefix, std::string_view profile);

}  // namespace paa
