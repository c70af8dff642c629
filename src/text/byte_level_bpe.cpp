#include "paa/text/byte_level_bpe.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "paa/core/error.h"
#include "paa/text/utf8.h"

namespace paa {
namespace {

// GPT-2's alphabet: a printable Latin-1 byte is the character of the same code, the others follow from U+0100 on.
std::array<std::string, 256> byte_alphabet() {
  std::array<std::string, 256> alphabet;
  unsigned next = 256;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
    const unsigned code = printable ? byte : next++;
    if (code >= 0x80) alphabet[byte] += static_cast<char>(0xC0 | (code >> 6));
    alphabet[byte] += static_cast<char>(code < 0x80 ? code : 0x80 | (code & 0x3F));
  }
  return alphabet;
}

// The bytes a token's text stands for; a text that is not in the alphabet stands for itself, as in `tokenizers`.
class ByteDecoder {
 public:
  ByteDecoder() {
    const auto alphabet = byte_alphabet();
    for (unsigned byte = 0; byte < 256; ++byte) bytes_[alphabet[byte]] = static_cast<char>(byte);
  }

  std::string decode(const std::string& text) const {
    std::string bytes;
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t size = next_utf8(rest).size;
      const auto found = bytes_.find(std::string(rest.substr(0, size)));
      if (found == bytes_.end()) return text;
      bytes += found->second;
      rest.remove_prefix(size);
    }
    return bytes;
  }

 private:
  std::unordered_map<std::string, char> bytes_;
};

std::uint64_t pair_key(TokenId left, TokenId right) {
  return (std::uint64_t{static_cast<std::uint32_t>(left)} << 32) | static_cast<std::uint32_t>(right);
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// A token of a word that is being merged, in a doubly linked list. One that was merged into its left neighbour is
// empty.
struct Symbol {
  TokenId id;
  std::size_t begin, end;
  std::size_t previous, next;
};

// Two neighbours that could be merged when this was noted down; whether they still can is looked at when its turn
// comes.
struct Candidate {
  std::uint32_t rank;
  std::size_t left;
  TokenId merged;
};

struct LaterCandidate {
  bool operator()(const Candidate& a, const Candidate& b) const noexcept {
    return a.rank != b.rank ? a.rank > b.rank : a.left > b.left;
  }
};

}  // namespace

struct ByteLevelBpe::Scratch {
  std::vector<Symbol> symbols;
  std::priority_queue<Candidate, std::vector<Candidate>, LaterCandidate> queue;
};

ByteLevelBpe::ByteLevelBpe(ByteLevelBpeData data, std::string_view origin)
    : origin_(origin),
      pre_tokenizer_(data.pre_tokenizer, origin),
      added_(std::move(data.added), origin),
      bos_(data.bos),
      eos_(data.eos) {
  add_vocabulary(std::move(data.tokens));
  // Before the added tokens: their texts are not in the byte alphabet.
  const auto alphabet = byte_alphabet();
  for (unsigned byte = 0; byte < 256; ++byte) byte_ids_[byte] = find(alphabet[byte]);
  add_merges(data.merges);
  add_added_tokens();
  check_id(data.unknown, "unknown");
  check_id(bos_, "bos");
  check_id(eos_, "eos");
  std::replace(byte_ids_.begin(), byte_ids_.end(), TokenId{-1}, data.unknown);
}

void ByteLevelBpe::fail(const std::string& what) const {
  throw Error(ErrorCode::kBadFormat, fmt::format("{}: tokenizer: {}", origin_, what));
}

void ByteLevelBpe::check_id(TokenId id, const char* what) const {
  if (id < -1 || (id >= 0 && static_cast<std::size_t>(id) >= bytes_.size())) {
    fail(fmt::format("the {} token has id {}, but the vocabulary has {} tokens", what, id, bytes_.size()));
  }
}

void ByteLevelBpe::add_vocabulary(std::vector<std::string> tokens) {
  if (tokens.size() > kMaxTokens) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: tokenizer: {} tokens, more than the limit of {}", origin_, tokens.size(), kMaxTokens));
  }
  const ByteDecoder decoder;
  ids_.reserve(tokens.size());
  bytes_.reserve(tokens.size());
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    std::string& text = tokens[id];
    if (text.size() > kMaxTokenBytes) {
      throw Error(ErrorCode::kLimitExceeded, fmt::format("{}: tokenizer: the text of token {} has {} bytes, more than "
                                                         "the limit of {}",
                                                         origin_, id, text.size(), kMaxTokenBytes));
    }
    bytes_.push_back(decoder.decode(text));
    if (text.empty()) continue;
    const auto [place, fresh] = ids_.try_emplace(std::move(text), static_cast<TokenId>(id));
    if (!fresh) fail(fmt::format("tokens {} and {} are both \"{}\"", place->second, id, place->first));
  }
  special_.resize(bytes_.size());
}

void ByteLevelBpe::add_added_tokens() {
  for (const AddedToken& token : added_.tokens()) {
    if (token.text.size() > kMaxTokenBytes || token.id < 0 || static_cast<std::size_t>(token.id) >= kMaxTokens) {
      throw Error(ErrorCode::kLimitExceeded, fmt::format("{}: tokenizer: added token {} lies outside the limits of {} "
                                                         "tokens and {} bytes",
                                                         origin_, token.id, kMaxTokens, kMaxTokenBytes));
    }
    const auto id = static_cast<std::size_t>(token.id);
    if (id >= bytes_.size()) {
      bytes_.resize(id + 1);
      special_.resize(id + 1);
    }
    const auto [place, fresh] = ids_.try_emplace(token.text, token.id);
    if (place->second != token.id) {
      fail(fmt::format("the added token \"{}\" has id {}, but {} in the vocabulary", token.text, token.id,
                       place->second));
    }
    if (fresh && !bytes_[id].empty()) fail(fmt::format("id {} is that of two tokens", id));
    bytes_[id] = token.text;
    special_[id] = token.special;
  }
}

void ByteLevelBpe::add_merges(const std::vector<std::pair<std::string, std::string>>& merges) {
  if (merges.size() > kMaxTokens) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: tokenizer: {} merges, more than the limit of {}", origin_, merges.size(), kMaxTokens));
  }
  merges_.reserve(merges.size());
  for (std::size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const TokenId left_id = find(left), right_id = find(right), merged = find(left + right);
    if (left_id < 0 || right_id < 0 || merged < 0) {
      fail(fmt::format("merge {} (\"{}\" and \"{}\") is of tokens that the vocabulary lacks", rank, left, right));
    }
    merges_[pair_key(left_id, right_id)] = {static_cast<std::uint32_t>(rank), merged};
  }
}

const ByteLevelBpe::Merge* ByteLevelBpe::find_merge(TokenId left, TokenId right) const {
  const auto found = merges_.find(pair_key(left, right));
  return found == merges_.end() ? nullptr : &found->second;
}

void ByteLevelBpe::encode_word(std::string_view text, std::size_t begin, std::size_t end, Scratch& scratch,
                               std::vector<Token>& out) const {
  auto& symbols = scratch.symbols;
  auto& queue = scratch.queue;
  symbols.clear();
  for (std::size_t at = begin; at < end; ++at) {
    const TokenId id = byte_ids_[static_cast<unsigned char>(text[at])];
    if (id < 0) continue;
    if (!symbols.empty()) symbols.back().next = symbols.size();
    symbols.push_back({id, at, at + 1, symbols.size() - 1, kNone});
  }
  if (symbols.empty()) return;

  const auto consider = [&](std::size_t left) {
    if (left == kNone || symbols[left].next == kNone) return;
    const Merge* merge = find_merge(symbols[left].id, symbols[symbols[left].next].id);
    if (merge != nullptr) queue.push({merge->rank, left, merge->id});
  };
  for (std::size_t i = 0; i < symbols.size(); ++i) consider(i);
  while (!queue.empty()) {
    const Candidate candidate = queue.top();
    queue.pop();
    Symbol& left = symbols[candidate.left];
    if (left.begin == left.end || left.next == kNone) continue;
    Symbol& right = symbols[left.next];
    const Merge* merge = find_merge(left.id, right.id);
    if (merge == nullptr || merge->id != candidate.merged) continue;
    left.id = candidate.merged;
    left.end = right.end;
    right.begin = right.end;
    left.next = right.next;
    if (left.next != kNone) symbols[left.next].previous = candidate.left;
    consider(left.previous);
    consider(candidate.left);
  }
  for (std::size_t i = 0; i != kNone; i = symbols[i].next) {
    std::size_t first = symbols[i].begin, last = symbols[i].end;
    while (first > begin && is_utf8_continuation(text[first])) --first;
    while (last < end && is_utf8_continuation(text[last])) ++last;
    out.push_back({symbols[i].id, first, last});
  }
}

std::vector<Token> ByteLevelBpe::tokenize(std::string_view text, SpecialTokens special) const {
  std::string replaced;
  if (!is_utf8(text)) text = replaced = replace_invalid_utf8(text);
  std::vector<Token> tokens;
  Scratch scratch;
  for (const TextSegment& segment : added_.split(text, special)) {
    if (segment.id >= 0) {
      tokens.push_back({segment.id, segment.begin, segment.end});
      continue;
    }
    const std::size_t base = segment.begin;
    pre_tokenizer_.split(text.substr(base, segment.end - base), [&](std::size_t begin, std::size_t end) {
      encode_word(text, base + begin, base + end, scratch, tokens);
    });
  }
  return tokens;
}

std::string ByteLevelBpe::decode_bytes(std::span<const TokenId> ids, bool keep_special) const {
  std::string bytes;
  for (const TokenId id : ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= bytes_.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("token id {} lies outside the vocabulary of {} tokens", id, bytes_.size()));
    }
    const auto index = static_cast<std::size_t>(id);
    if (keep_special || !special_[index]) bytes += bytes_[index];
  }
  return bytes;
}

TokenId ByteLevelBpe::find(std::string_view token_text) const {
  const auto found = ids_.find(token_text);
  return found == ids_.end() ? -1 : found->second;
}

}  // namespace paa
