#pragma once
// SentencePiece models (tokenizer.model) through the sentencepiece library.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "paa/text/tokenizer.h"

namespace paa {

/// A unigram, BPE, word or character model, with byte fallback where the model has it. Immutable; thread-safe.
///
/// Ids are those of the library's Encode. What the model does to a text, it does here: most normalise it, and most put
/// a dummy space before it ("add_dummy_prefix"). Where special tokens are recognised, each stretch between them is
/// encoded on its own, and so gets its own dummy space, as llama.cpp does it. Control symbols are the special tokens;
/// user-defined symbols are found in any text. Offsets: the library's, in bytes of the text before normalisation; the
/// byte tokens of one character all cover it; a dummy space of its own covers nothing.
///
/// decode_bytes is the tokens' texts one after the other, with every space the tokens stand for: also the dummy space
/// in front, which the library's Decode takes away. So it may be called piece by piece. The unknown token gives the
/// model's text for it (" \u2047 " unless it says otherwise).
class SentencePieceTokenizer final : public Tokenizer {
 public:
  /// A model file may have at most so many bytes.
  static constexpr std::size_t kMaxModelBytes = std::size_t{64} << 20;

  /// From the bytes of a model file; `origin` names them in errors. The library trusts what it reads, so everything it
  /// would index with is checked first. Errors: kBadFormat (damaged), kLimitExceeded.
  SentencePieceTokenizer(std::span<const std::byte> model, std::string_view origin);
  ~SentencePieceTokenizer() override;

  std::vector<Token> tokenize(std::string_view text, SpecialTokens special) const override;
  std::string decode_bytes(std::span<const TokenId> ids, bool keep_special = false) const override;
  std::size_t vocabulary_size() const override;
  TokenId find(std::string_view token_text) const override;
  TokenId bos() const override;
  TokenId eos() const override;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

/// Reads a model file. Errors: also those of read_file.
std::unique_ptr<Tokenizer> read_sentencepiece(const std::filesystem::path& path);

}  // namespace paa
