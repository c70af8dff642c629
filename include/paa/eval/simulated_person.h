#pragma once
// A made-up person with known tastes, who answers an interview in many wordings: to measure what an interview finds out.

#include <cstdint>
#include <string>
#include <vector>

#include "paa/core/random.h"
#include "paa/interview/interview_state.h"
#include "paa/person/preference.h"
#include "paa/taste/taste.h"

namespace paa::eval {

/// How somebody talks.
enum class Manner { kPlain, kTerse, kContradictory, kOffTopic };

/// "plain", "terse", "contradictory", "off topic"; never null.
const char* to_string(Manner manner) noexcept;

/// A taste as an answer put it.
struct SaidTaste {
  std::size_t item = 0;  ///< index into Taste::items
  int turn = 0;
  std::string phrase;  ///< "dark photos"
  Polarity polarity = Polarity::kLike;
  bool turned = false;  ///< said once, against what the person really likes
};

/// Answers questions: tells a taste where the question is about its topic or about photos in general, prefers likings and
/// dislikings as the stage does, follows up on what it is asked about, and else says nothing of the kind. Wordings are
/// src/eval/simulated_answers.json, none of which the reader of answers was fitted to. Deterministic by seed.
class SimulatedPerson {
 public:
  /// Error: kInvalidArgument (an item that the vocabulary has not).
  SimulatedPerson(Taste taste, const TasteVocabulary& vocabulary, Manner manner, std::uint64_t seed);

  /// One answer in words, remembered in said(). To a summary: "yes".
  std::string answer(const InterviewQuestion& question);

  /// What the person likes and dislikes.
  const Taste& taste() const noexcept { return taste_; }
  /// How the person talks.
  Manner manner() const noexcept { return manner_; }
  /// What was told so far, in the order it was told.
  const std::vector<SaidTaste>& said() const noexcept { return said_; }

 private:
  std::string tell(std::size_t item, const InterviewQuestion& question, bool again);
  std::string nothing();
  bool was_said(std::size_t item) const;

  Taste taste_;
  const TasteVocabulary* vocabulary_;
  Manner manner_;
  Random random_;
  std::vector<SaidTaste> said_;
};

/// What an interview found of what was planted.
struct FoundTastes {
  std::size_t planted = 0, found = 0;     ///< tastes, and those of them with a preference of their direction
  std::size_t preferences = 0, right = 0;  ///< distinct ones, and those that their turn's answer stated
};

/// A preference is right if the answer of its turn stated a taste of this direction whose phrase shares a meaning word with
/// the preference's subject. Thread-safe.
FoundTastes compare(const SimulatedPerson& person, const std::vector<Preference>& preferences);

/// What a reader would find that misses nothing and invents nothing: the upper bound. Thread-safe.
std::vector<Preference> perfect_preferences(const SimulatedPerson& person);

/// The guide's topic that a trait belongs to; empty: none.
std::string topic_of_trait(const TasteTrait& trait);

}  // namespace paa::eval
