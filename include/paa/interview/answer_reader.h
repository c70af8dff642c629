#pragma once
// Reads what a person likes and dislikes out of an answer.

#include <string>
#include <vector>

#include "paa/core/progress.h"
#include "paa/interview/interview_state.h"
#include "paa/person/preference.h"

namespace paa {

/// Implementations: ContrastReader (a small LLM, sentence by sentence), SchemaReader (a model that follows
/// instructions). Not thread-safe: an Analyzer has one of its own.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;

  /// "contrast", "schema": how preferences were found.
  virtual std::string id() const = 0;

  /// The preferences that the turn's answer states, each with a quote from it; `interview` becomes their interview.
  /// Answers that state none give none. Errors: kCancelled; those of the model.
  virtual std::vector<Preference> read(const Turn& turn, const std::string& interview, const Cancel* cancel = nullptr) = 0;
};

/// Drops preferences that check_preference refuses, that are not quoted from the answer, and all but the first of those
/// with equal subject and polarity. Thread-safe.
std::vector<Preference> with_evidence(std::vector<Preference> preferences, const std::string& answer);

}  // namespace paa
