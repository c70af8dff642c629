#pragma once
// Tokens that are found in the text as they stand, before anything is split into words.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "paa/text/tokenizer.h"

namespace paa {

/// One token added to a vocabulary, with the flags that `tokenizers` gives it.
struct AddedToken {
  TokenId id = 0;
  std::string text;          ///< as it stands in the input; not empty
  bool special = true;       ///< steers the model ("<|im_end|>"): found only with SpecialTokens::kRecognise
  bool lstrip = false;       ///< takes the white space before it
  bool rstrip = false;       ///< takes the white space after it
  bool normalized = false;   ///< found after the others, in what they left
  bool single_word = false;  ///< found only as a word of its own; not supported
};

/// A stretch [begin, end) of a text: an added token, or text between them (id -1).
struct TextSegment {
  TokenId id = -1;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Finds added tokens: the leftmost, and of those that begin at one place the longest. Immutable; thread-safe.
class AddedTokens {
 public:
  /// `origin` names the source in errors. Errors: kBadFormat for an empty text or the same text twice, kUnsupported for
  /// single_word; both name the token.
  AddedTokens(std::vector<AddedToken> tokens, std::string_view origin);

  /// Cuts `text` (well-formed UTF-8) into segments that cover it in order. With kPlainText special tokens stay text, as
  /// with `encode_special_tokens` of `tokenizers`; those that are not special are found all the same.
  /// Time: at most the length of the text times that of the longest token.
  std::vector<TextSegment> split(std::string_view text, SpecialTokens special) const;

  /// The tokens it was made with.
  const std::vector<AddedToken>& tokens() const noexcept { return tokens_; }

 private:
  class Trie {
   public:
    void insert(std::string_view text, std::size_t index);
    /// The index of the longest inserted text that `text` starts with, or npos.
    std::size_t longest(std::string_view text) const;
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

   private:
    std::unordered_map<std::uint64_t, std::uint32_t> edges_;  // node * 256 + byte -> node
    std::vector<std::size_t> ends_{npos};                     // per node: the token that ends there
  };

  void split_range(const Trie& trie, std::string_view text, TextSegment range, SpecialTokens special,
                   std::vector<TextSegment>& out) const;

  std::vector<AddedToken> tokens_;
  Trie first_;       // tokens found in the raw text
  Trie normalized_;  // tokens found in what the first left
};

}  // namespace paa
