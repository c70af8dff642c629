#pragma once
// Text to token ids and back, whatever the model family.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paa {

/// A token's number in the vocabulary, from 0 on.
using TokenId = std::int32_t;

/// One token of an encoded text and the bytes [begin, end) of that text it stands for. Tokens that share the bytes of
/// one character both cover the whole character.
struct Token {
  TokenId id = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Whether the text of special tokens ("<|im_start|>") in the input becomes those tokens: only for text of our own,
/// such as prompt templates, never for what a person typed.
enum class SpecialTokens { kPlainText, kRecognise };

/// Immutable after construction; const access is thread-safe.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Adds nothing at either end. Bytes that are not UTF-8 are replaced by U+FFFD before encoding, as Python's
  /// bytes.decode(errors="replace") does; offsets refer to the replaced text.
  virtual std::vector<Token> tokenize(std::string_view text, SpecialTokens special) const = 0;

  /// The bytes the tokens stand for, one after the other; may end inside a UTF-8 character (see StreamDecoder).
  /// Special tokens give nothing unless `keep_special`. Error: kInvalidArgument for an id outside the vocabulary.
  virtual std::string decode_bytes(std::span<const TokenId> ids, bool keep_special = false) const = 0;

  /// One more than the largest id.
  virtual std::size_t vocabulary_size() const = 0;
  /// The id of the token with exactly this text in the vocabulary (such as "<|im_end|>"), or -1.
  virtual TokenId find(std::string_view token_text) const = 0;
  /// -1 where the family has none.
  virtual TokenId bos() const = 0;
  /// -1 where the family has none.
  virtual TokenId eos() const = 0;

  /// The ids of tokenize().
  std::vector<TokenId> encode(std::string_view text, SpecialTokens special = SpecialTokens::kPlainText) const;
  /// decode_bytes with bytes that are not UTF-8 replaced by U+FFFD.
  std::string decode(std::span<const TokenId> ids, bool keep_special = false) const;
};

}  // namespace paa
