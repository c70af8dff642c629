#pragma once
// A high-level feature of photos: a question with two ends, such as "how nostalgic is it?".

#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"

namespace paa {

/// What a photo is rated on, from 0 to 9. The anchors are full definitions for a model that reads them; the anchor
/// words are what a small model is asked to choose between. A plain value.
struct Concept {
  std::string name;       ///< short, in words: "nostalgia"; names are unique within a person
  std::string question;   ///< "How strong is the sense of nostalgia in this photo?"
  std::string low, high;  ///< what 0 and 9 mean: "no sense of nostalgia", "deeply nostalgic, as of one's childhood"
  /// Single words for the two ends, several of each: {"modern", "new"} and {"old", "nostalgic"}.
  std::vector<std::string> low_words, high_words;
  std::string cue;      ///< the sentence the anchor words complete: "The mood of the photo is very"
  bool enabled = true;  ///< a person may switch a concept off
  /// What the person said of the high end in an interview: -3 (dislikes it strongly) to 3; 0: nothing, or both.
  double stated = 0;

  bool operator==(const Concept&) const = default;
};

/// Limits, in UTF-8 bytes and numbers.
inline constexpr std::size_t kMaxConcepts = 64;
inline constexpr std::size_t kMaxConceptNameBytes = 80;
inline constexpr std::size_t kMaxConceptTextBytes = 500;  ///< question, anchors, cue
inline constexpr std::size_t kMaxAnchorWords = 16;        ///< of each end
inline constexpr double kMaxStated = 3;

/// The concept without what a person thinks of it: all that a rater sees. Thread-safe.
inline Concept what_is_rated(Concept subject) {
  subject.enabled = true;
  subject.stated = 0;
  return subject;
}

/// Refuses empty or over-long texts, a `stated` out of range, control characters, bytes that are not UTF-8, and one end with anchor words but
/// not the other. Error: kInvalidArgument, "ORIGIN: "FIELD" what". Thread-safe.
void check_concept(const Concept& subject, std::string_view origin);

/// Fields named as above; low_words, high_words, cue, enabled and stated may be missing. Errors (kBadFormat): as
/// profile_from_json.
Concept concept_from_json(const Json& json, std::string_view origin);
/// concept_from_json(concept_to_json(c)) equals c.
Json concept_to_json(const Concept& subject);

}  // namespace paa
