#pragma once
// What an interview asks, as data: topics, wordings and the words that hold them together, in one language.

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"

namespace paa {

/// The stages of the interview, in their order (after arXiv 2605.14761; a reconstruction, not paper-verified).
enum class Stage : std::uint8_t { kBackground, kLiked, kDisliked, kContrast };
inline constexpr std::size_t kStageCount = 4;

/// "background", "liked", "disliked", "contrast"; never null.
const char* to_string(Stage stage) noexcept;

/// Something that photos are liked or disliked for.
struct GuideTopic {
  std::string key, name;                     ///< "light"; as people call it
  std::vector<std::string> liked, disliked;  ///< questions that open it
  std::vector<std::string> words;            ///< single words by which one knows it, lower case
};

/// "{subject}" stands for what a person named, in their words; "{earlier}" and "{now}" for two quotes. A plain value; each list
/// holds at least one text.
struct Guide {
  std::string language, name;  ///< "en", "English"
  std::string opening, closing;
  std::array<std::vector<std::string>, kStageCount> general;  ///< questions without a topic, by Stage
  std::vector<GuideTopic> topics;
  std::vector<std::string> follow_like, follow_dislike;  ///< with {subject}
  std::vector<std::string> follow_thin;                  ///< after an answer that says little
  std::vector<std::string> follow_contradiction;         ///< with {earlier} and {now}
  std::vector<std::string> photo_pair, photo_one;        ///< of photos that are shown
  /// The parts of the summary at the end.
  struct Summary {
    std::string opening, like, dislike, both, none, confirm;  ///< like, dislike, both: with {subject}; both: and the quotes
  } summary;
  std::vector<std::string> yes;  ///< what confirms the summary, lower case
  std::string statement_like, statement_dislike;  ///< "likes {subject}"

  /// The topic with this key, or null.
  const GuideTopic* find(std::string_view key) const noexcept;

  /// Reads {"format": "paa-guide", "version": 1, ...} as src/interview/guides/en.json is written. Errors: kBadFormat
  /// (the field is named: missing, empty, a placeholder it lacks or does not know), kUnsupported (a newer version).
  static Guide parse(std::string_view json, std::string_view origin);
  /// One that comes with the library: "en" or "de". Thread-safe. Error: kUnsupported, naming those there are.
  static const Guide& standard(std::string_view language);
  /// A standard one by its language, or one from a file, which goes first. Thread-safe. Errors: also those of
  /// read_text_file.
  static Guide named(const std::string& language_or_file);
};

/// What stands for a placeholder.
struct Filling {
  std::string_view name, value;
};

/// `text` with each "{name}" in place of its value, once: what a value holds stays as it is, and so do other placeholders.
/// Thread-safe.
std::string fill(std::string_view text, std::initializer_list<Filling> fillings);

}  // namespace paa
