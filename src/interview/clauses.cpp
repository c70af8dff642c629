#include "paa/interview/clauses.h"

#include <algorithm>
#include <optional>

#include "paa/text/lower_case.h"

namespace paa {
namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?' || c == '\n'; }

bool is_margin(char c) { return c == ' ' || c == ',' || c == ';' || c == ':' || c == '-' || (c >= '\t' && c <= '\r'); }

bool says_something(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return is_word_byte(c) && c != '\'' && c != '-'; });
}

// Adds text[begin, end) without its margins.
void add(std::vector<Clause>& clauses, std::string_view text, std::size_t begin, std::size_t end, bool opposite) {
  while (begin < end && is_margin(text[begin])) ++begin;
  while (end > begin && is_margin(text[end - 1])) --end;
  if (says_something(text.substr(begin, end - begin))) clauses.push_back({begin, end, opposite});
}

struct Place {
  std::size_t begin, end;
};

// The first of `phrases` that stands as whole words in text[begin, end).
std::optional<Place> find_phrase(const std::string& text, std::size_t begin, std::size_t end,
                                 const std::vector<std::string>& phrases) {
  std::optional<Place> first;
  for (const auto& phrase : phrases) {
    for (std::size_t at = text.find(phrase, begin); at != std::string::npos && at + phrase.size() <= end;
         at = text.find(phrase, at + 1)) {
      const std::size_t after = at + phrase.size();
      const bool whole = (at == begin || !is_word_byte(text[at - 1])) && (after == end || !is_word_byte(text[after]));
      // Of two that begin at one place the longer one: "rather than" before "rather".
      if (!whole || (first && (first->begin < at || (first->begin == at && first->end >= after)))) continue;
      first = Place{at, after};
      break;
    }
  }
  return first;
}

void add_comparison(std::vector<Clause>& clauses, std::string_view answer, const std::string& text, std::size_t begin,
                    std::size_t end, const ClauseWords& words) {
  const auto than = find_phrase(text, begin, end, words.than);
  if (than && than->begin > begin && find_phrase(text, begin, end, words.compares)) {
    add(clauses, answer, begin, than->begin, false);
    add(clauses, answer, than->end, end, true);
  } else {
    add(clauses, answer, begin, end, false);
  }
}

void add_sentence(std::vector<Clause>& clauses, std::string_view answer, const std::string& text, std::size_t begin,
                  std::size_t end, const ClauseWords& words) {
  while (begin < end) {
    const auto turn = find_phrase(text, begin, end, words.turns);
    const std::size_t until = turn ? turn->begin : end;
    add_comparison(clauses, answer, text, begin, until, words);
    begin = turn ? turn->end : end;
  }
}

}  // namespace

std::vector<WordAt> words_of(std::string_view text) {
  std::vector<WordAt> words;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word_byte(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (says_something(text.substr(at, end - at))) words.push_back({at, end});
    at = end;
  }
  return words;
}

std::vector<Clause> clauses_of(std::string_view answer, const ClauseWords& words) {
  const std::string text = lower_case(answer);
  std::vector<Clause> clauses;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && !ends_sentence(text[at])) continue;
    add_sentence(clauses, answer, text, begin, at, words);
    begin = at + 1;
  }
  return clauses;
}

}  // namespace paa
