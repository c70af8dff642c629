#pragma once
// An answer cut into the pieces that state one thing each.

#include <string>
#include <string_view>
#include <vector>

namespace paa {

/// Words at which a sentence turns or compares, in one language, lower case.
struct ClauseWords {
  std::vector<std::string> turns;     ///< "but", "whereas": what follows may be said the other way round
  std::vector<std::string> than;      ///< "than", "rather than": what follows is the worse one ...
  std::vector<std::string> compares;  ///< ... if the clause holds one of these: "rather", "prefer"
};

/// A piece of an answer: [begin, end) in bytes.
struct Clause {
  std::size_t begin = 0, end = 0;
  bool opposite = false;  ///< the worse side of a comparison: its taste is the opposite of what the clause before says

  /// The piece itself; `answer` is the text that was cut.
  std::string_view of(std::string_view answer) const { return answer.substr(begin, end - begin); }
};

/// Cuts at the ends of sentences, at line breaks, before `turns`, and in comparisons; white space and commas around a
/// piece do not belong to it. In the order of the answer; pieces without a letter or digit are left out. Thread-safe.
std::vector<Clause> clauses_of(std::string_view answer, const ClauseWords& words);

/// The word at `at` and where it ends; words are runs of letters, digits, "'" and "-". Thread-safe.
struct WordAt {
  std::size_t begin = 0, end = 0;
};
/// The words of a text, in order; those without a letter or digit are left out. Thread-safe.
std::vector<WordAt> words_of(std::string_view text);

}  // namespace paa
