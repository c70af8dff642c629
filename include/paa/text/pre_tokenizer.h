#pragma once
// Cuts text into the words that byte-level BPE merges within.

#include <functional>
#include <memory>
#include <string_view>

namespace paa {

/// A word pattern, compiled. const access is thread-safe. A cheap handle: copies share the compiled pattern.
///
/// What is a letter or a number follows the Unicode version of the installed PCRE2; characters assigned later are
/// treated as punctuation.
class PreTokenizer {
 public:
  /// The names are GGUF's: "gpt-2" (also "gpt2"): a contraction ('s, 'll ...), or an optional space with letters,
  /// numbers or punctuation, or white space; the last space before a word belongs to the word. "smollm": every number
  /// character is cut out first, then "gpt-2" is applied to what lies between. `origin` names the source in errors.
  /// Error: kUnsupported for another name, naming it.
  PreTokenizer(std::string_view name, std::string_view origin);

  /// Calls `word(begin, end)` with byte offsets, in order; the words cover all of `text`. `text` must be well-formed
  /// UTF-8. Time grows with the length of the text, whatever is in it.
  void split(std::string_view text, const std::function<void(std::size_t begin, std::size_t end)>& word) const;

 private:
  struct Pattern;
  std::shared_ptr<const Pattern> pattern_;
};

}  // namespace paa
