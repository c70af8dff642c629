#pragma once
// How an interview stands: what was asked, what was answered, what was understood.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"
#include "paa/interview/guide.h"
#include "paa/person/preference.h"

namespace paa {

/// What makes a question: a topic, the answer before, two answers that disagree, photos shown, or the end.
enum class QuestionKind : std::uint8_t { kOpen, kFollowUp, kContradiction, kPhotos, kSummary };

/// "open", "follow-up", "contradiction", "photos", "summary"; never null.
const char* to_string(QuestionKind kind) noexcept;

/// A question that was shown to the person. A plain value.
struct InterviewQuestion {
  int turn = 0;  ///< number, from 1 on; never used twice in an interview
  std::string text;
  QuestionKind kind = QuestionKind::kOpen;
  Stage stage = Stage::kBackground;
  std::string topic;                ///< key of the guide; empty: none
  std::vector<std::string> photos;  ///< paths of those shown with it

  bool operator==(const InterviewQuestion&) const = default;
};

/// A question and what came of it.
struct Turn {
  InterviewQuestion question;
  std::string answer;  ///< empty if it was skipped
  std::int64_t time = 0;  ///< of the answer, ms since 1970 UTC

  /// Whether the person gave no answer.
  bool skipped() const noexcept { return answer.empty(); }
  bool operator==(const Turn&) const = default;
};

/// Why an interview is over.
enum class InterviewEnd : std::uint8_t { kOpen, kCovered, kQuestions, kTime, kPerson };

/// "open", "covered", "questions", "time", "person"; never null.
const char* to_string(InterviewEnd end) noexcept;

/// A plain value. It is the sum of the events of an InterviewLog.
struct InterviewState {
  std::string id, language;
  std::int64_t begun = 0;             ///< ms since 1970 UTC
  std::vector<Turn> turns;            ///< that stand; those gone back on are only in the file
  std::optional<InterviewQuestion> open;       ///< shown, and not answered yet
  std::vector<Preference> preferences;  ///< understood so far, of turns that stand, in their order
  std::set<int> analysed;             ///< turns that were read to their end
  InterviewEnd end = InterviewEnd::kOpen;
  bool confirmed = false;             ///< the person agreed to the summary
  int last_turn = 0;

  /// Answered turns that no reader has worked through yet.
  std::vector<int> pending() const;
  /// The turn of that number, or null.
  const Turn* find(int turn) const noexcept;

  /// Takes in one event. Errors: kBadFormat (an event that is none, or that does not follow from those before it);
  /// how the state stands is then not said, so apply it to a copy.
  void apply(const Json& event, std::string_view origin);
};

/// What each event holds besides "event": see src/interview/interview_state.cpp; docs/interview.md names them.
Json question_event(const InterviewQuestion& question);
/// `answer`: empty if the question was skipped; `time`: ms since 1970 UTC.
Json answer_event(int turn, std::string_view answer, std::int64_t time);
/// What a reader understood from that turn's answer; none: that it says nothing of taste.
Json preferences_event(int turn, const std::vector<Preference>& preferences);

}  // namespace paa
