#pragma once
// Concepts that are a subject: something that a photo shows more or less of, such as what a person named in an interview.

#include <string>
#include <vector>

#include "paa/person/concept.h"

namespace paa {

/// The low words of such a concept: they name nothing, so that its high words tell whether it is there at all.
inline const std::vector<std::string> kNothingWords = {"it", "what", "how"};
/// The sentence that the subject's words complete after what a photo shows. Of five cues and five lists of words that name
/// nothing, these put photos in order best (docs/interview.md).
inline constexpr const char* kSubjectCue = "This is about";

/// Whether a concept is a subject, and not a question with two ends. Thread-safe.
inline bool is_subject(const Concept& one) { return one.low_words == kNothingWords; }

/// How AnchorRater's digits of subjects are spread over photos: most photos show nothing of most subjects.
inline constexpr double kSubjectMean = 0.64, kSubjectDeviation = 0.75;

}  // namespace paa
