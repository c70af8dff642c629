#pragma once
// From what may be written, byte by byte, to the tokens that may come next.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "paa/chat/text_constraint.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// A tokenizer's vocabulary as a tree of bytes: which tokens may come next under a constraint. A token stands for the
/// bytes that Tokenizer::decode_bytes gives for it alone, with the space before a SentencePiece word, at the start of a
/// text too; special tokens stand for none and are never allowed. Immutable; thread-safe.
class TokenMask {
 public:
  /// Copies what it needs: the tokenizer may go. Error: kLimitExceeded if all tokens together have 2^32 bytes.
  explicit TokenMask(const Tokenizer& tokenizer);

  /// The ids, ascending, whose bytes can all be taken. The cost grows with the matching part of the tree only. None:
  /// the text cannot go on, or only by a byte that the vocabulary lacks; whether it may end here, complete() says.
  std::vector<TokenId> allowed(const TextConstraint& constraint) const;

  /// Takes the token's bytes. Error: kInvalidArgument if they do not fit or there are none; then the constraint is as
  /// it was. Two threads must not share the constraint.
  void take(TextConstraint& constraint, TokenId token) const;

 private:
  // Its children stand side by side, and so do the tokens that end at it.
  struct Node {
    std::uint32_t children_begin = 0, children_end = 0;
    std::uint32_t tokens_begin = 0, tokens_end = 0;
    char byte = 0;
  };

  std::string_view bytes(TokenId token) const;
  void read_bytes(const Tokenizer& tokenizer);
  void build_tree();

  std::string bytes_;                   // of all tokens, one after the other
  std::vector<std::uint32_t> offsets_;  // by id; one more at the end
  std::vector<TokenId> tokens_;         // sorted by their bytes
  std::vector<Node> nodes_;             // the root first
};

}  // namespace paa
