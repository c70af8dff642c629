#pragma once
// Token ids to text while they are being generated.

#include <string>

#include "paa/text/tokenizer.h"

namespace paa {

/// Turns ids into text one at a time and never hands out part of a UTF-8 character: bytes wait until the tokens that
/// complete it have come. All pieces put together equal Tokenizer::decode of all ids. Refers to the tokenizer, which
/// must outlive it. Not thread-safe.
class StreamDecoder {
 public:
  /// Special tokens give no text unless `keep_special`.
  explicit StreamDecoder(const Tokenizer& tokenizer, bool keep_special = false)
      : tokenizer_(tokenizer), keep_special_(keep_special) {}

  /// The text that `id` completes: well-formed UTF-8, possibly empty. Bytes that can never become a character give
  /// U+FFFD. Error: kInvalidArgument for an id outside the vocabulary; the decoder is then as it was before.
  std::string push(TokenId id);

  /// Ends the text: U+FFFD if a character was left unfinished, else nothing. The decoder may then be used anew.
  std::string finish();

 private:
  const Tokenizer& tokenizer_;
  bool keep_special_;
  std::string pending_;  // the well-formed start of a character, at most 3 bytes
};

}  // namespace paa
