#include "paa/text/added_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "paa/core/error.h"

namespace paa {
namespace {

// Unicode's White_Space.
constexpr std::array<std::string_view, 25> kSpaces = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00A0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
    "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

// The bytes of the white space character that `text` ends with (or begins with), 0 if there is none.
std::size_t space_at_end(std::string_view text) {
  const auto found = std::find_if(kSpaces.begin(), kSpaces.end(), [&](auto space) { return text.ends_with(space); });
  return found == kSpaces.end() ? 0 : found->size();
}

std::size_t space_at_begin(std::string_view text) {
  const auto found = std::find_if(kSpaces.begin(), kSpaces.end(), [&](auto space) { return text.starts_with(space); });
  return found == kSpaces.end() ? 0 : found->size();
}

std::size_t without_spaces_before(std::string_view text, std::size_t low, std::size_t end) {
  while (const std::size_t size = space_at_end(text.substr(low, end - low))) end -= size;
  return end;
}

std::size_t after_spaces(std::string_view text, std::size_t begin, std::size_t high) {
  while (const std::size_t size = space_at_begin(text.substr(begin, high - begin))) begin += size;
  return begin;
}

}  // namespace

void AddedTokens::Trie::insert(std::string_view text, std::size_t index) {
  std::uint64_t node = 0;
  for (const char c : text) {
    const auto next = static_cast<std::uint32_t>(ends_.size());
    const auto [edge, fresh] = edges_.try_emplace(node * 256 + static_cast<unsigned char>(c), next);
    if (fresh) ends_.push_back(npos);
    node = edge->second;
  }
  ends_[node] = index;
}

std::size_t AddedTokens::Trie::longest(std::string_view text) const {
  std::size_t best = npos;
  std::uint64_t node = 0;
  for (const char c : text) {
    const auto edge = edges_.find(node * 256 + static_cast<unsigned char>(c));
    if (edge == edges_.end()) break;
    node = edge->second;
    if (ends_[node] != npos) best = ends_[node];
  }
  return best;
}

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, std::string_view origin) : tokens_(std::move(tokens)) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const AddedToken& token = tokens_[i];
    if (token.text.empty()) {
      throw Error(ErrorCode::kBadFormat, fmt::format("{}: added token {} has no text", origin, token.id));
    }
    if (token.single_word) {
      throw Error(ErrorCode::kUnsupported,
                  fmt::format("{}: added token \"{}\": the flag single_word is not supported", origin, token.text));
    }
    for (const Trie* trie : {&first_, &normalized_}) {
      const std::size_t same = trie->longest(token.text);
      if (same != Trie::npos && tokens_[same].text == token.text) {
        throw Error(ErrorCode::kBadFormat, fmt::format("{}: added token \"{}\" stands twice", origin, token.text));
      }
    }
    (token.normalized ? normalized_ : first_).insert(token.text, i);
  }
}

void AddedTokens::split_range(const Trie& trie, std::string_view text, TextSegment range, SpecialTokens special,
                              std::vector<TextSegment>& out) const {
  std::size_t done = range.begin;
  for (std::size_t at = range.begin; at < range.end;) {
    const std::size_t found = trie.longest(text.substr(at, range.end - at));
    if (found == Trie::npos) {
      ++at;
      continue;
    }
    const AddedToken& token = tokens_[found];
    std::size_t begin = at;
    std::size_t end = at + token.text.size();
    at = end;
    if (token.special && special == SpecialTokens::kPlainText) continue;
    if (token.lstrip) begin = without_spaces_before(text, done, begin);
    if (token.rstrip) at = end = after_spaces(text, end, range.end);
    if (done < begin) out.push_back({-1, done, begin});
    out.push_back({token.id, begin, end});
    done = end;
  }
  if (done < range.end) out.push_back({-1, done, range.end});
}

std::vector<TextSegment> AddedTokens::split(std::string_view text, SpecialTokens special) const {
  std::vector<TextSegment> raw;
  split_range(first_, text, {-1, 0, text.size()}, special, raw);
  std::vector<TextSegment> segments;
  for (const TextSegment& segment : raw) {
    if (segment.id >= 0) {
      segments.push_back(segment);
    } else {
      split_range(normalized_, text, segment, special, segments);
    }
  }
  return segments;
}

}  // namespace paa
