#include "paa/chat/token_mask.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "paa/core/error.h"

namespace paa {

TokenMask::TokenMask(const Tokenizer& tokenizer) {
  read_bytes(tokenizer);
  build_tree();
}

std::string_view TokenMask::bytes(TokenId token) const {
  const auto index = static_cast<std::size_t>(token);
  return std::string_view(bytes_).substr(offsets_[index], offsets_[index + 1] - offsets_[index]);
}

void TokenMask::read_bytes(const Tokenizer& tokenizer) {
  const auto size = static_cast<TokenId>(tokenizer.vocabulary_size());
  offsets_.push_back(0);
  for (TokenId id = 0; id < size; ++id) {
    bytes_ += tokenizer.decode_bytes(std::span(&id, 1));
    if (bytes_.size() >= std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorCode::kLimitExceeded, "token mask: the vocabulary's tokens have 2^32 bytes or more together");
    }
    offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    if (offsets_.end()[-2] != offsets_.back()) tokens_.push_back(id);
  }
  std::stable_sort(tokens_.begin(), tokens_.end(), [this](TokenId a, TokenId b) { return bytes(a) < bytes(b); });
}

// Level by level, so that the children of a node come one after the other.
void TokenMask::build_tree() {
  struct Range {
    std::uint32_t begin, end;
    std::size_t depth;
  };
  std::vector<Range> below = {{0, static_cast<std::uint32_t>(tokens_.size()), 0}};  // by node: tokens that begin so
  nodes_.emplace_back();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    auto [begin, end, depth] = below[i];
    nodes_[i].tokens_begin = begin;
    while (begin != end && bytes(tokens_[begin]).size() == depth) ++begin;
    nodes_[i].tokens_end = begin;
    nodes_[i].children_begin = static_cast<std::uint32_t>(nodes_.size());
    while (begin != end) {
      const char byte = bytes(tokens_[begin])[depth];
      const auto first = begin;
      while (begin != end && bytes(tokens_[begin])[depth] == byte) ++begin;
      nodes_.emplace_back().byte = byte;
      below.push_back({first, begin, depth + 1});
    }
    nodes_[i].children_end = static_cast<std::uint32_t>(nodes_.size());
  }
}

std::vector<TokenId> TokenMask::allowed(const TextConstraint& constraint) const {
  std::vector<TokenId> ids;
  // Not by recursion: a vocabulary from a file may have tokens of any length.
  std::vector<std::pair<std::uint32_t, std::unique_ptr<TextConstraint>>> open;
  open.emplace_back(0, constraint.clone());
  while (!open.empty()) {
    const Node& node = nodes_[open.back().first];
    std::unique_ptr<TextConstraint> state = std::move(open.back().second);
    open.pop_back();
    ids.insert(ids.end(), tokens_.begin() + node.tokens_begin, tokens_.begin() + node.tokens_end);
    std::unique_ptr<TextConstraint> copy;
    for (std::uint32_t child = node.children_begin; child != node.children_end; ++child) {
      // A copy that refused a byte is as it was, and serves for the next.
      if (copy == nullptr) copy = child + 1 == node.children_end ? std::move(state) : state->clone();
      if (copy->take(nodes_[child].byte)) open.emplace_back(child, std::move(copy));
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void TokenMask::take(TextConstraint& constraint, TokenId token) const {
  const bool known = token >= 0 && static_cast<std::size_t>(token) + 1 < offsets_.size();
  const std::string_view wanted = known ? bytes(token) : std::string_view();
  const auto trial = constraint.clone();
  const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](char byte) { return trial->take(byte); });
  if (wanted.empty() || !fits) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("token mask: token {} does not fit the constraint; take one that allowed() gives", token));
  }
  for (const char byte : wanted) constraint.take(byte);
}

}  // namespace paa
