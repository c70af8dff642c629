#pragma once
// The first agent: puts what is to be found out into one short open question.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <string>

#include "paa/chat/chat_model.h"
#include "paa/interview/aim.h"
#include "paa/interview/guide.h"
#include "paa/interview/interview_state.h"

namespace paa {

/// Puts aims into words. Implementations: GuidedInterviewer (the guide's own), FreeInterviewer (a model's).
class Interviewer {
 public:
  virtual ~Interviewer() = default;

  /// "guided", "free".
  virtual std::string manner() const = 0;
  /// The question's words. `callback` gets them as they come. Errors: kCancelled.
  virtual std::string ask(const Aim& aim, const InterviewState& state, const ChatCallback& callback = {},
                          const Cancel* cancel = nullptr) = 0;
};

/// Asks the guide's own questions, filled with the person's words; no wording twice as long as there is another. For models
/// that cannot converse, such as the default, and for none at all. const; thread-safe.
class GuidedInterviewer : public Interviewer {
 public:
  /// The guide must outlive it.
  explicit GuidedInterviewer(const Guide& guide) : guide_(guide) {}

  std::string manner() const override { return "guided"; }
  std::string ask(const Aim& aim, const InterviewState& state, const ChatCallback& callback = {},
                  const Cancel* cancel = nullptr) override;

 private:
  const Guide& guide_;
};

/// Has a model that can hold a conversation word the question, from the aim, the profile so far and the last answers.
/// What comes back is one line without control characters, of at most kLongestQuestion bytes, with a question mark; a reply
/// that is not, or none, gives the guided question instead.
class FreeInterviewer : public Interviewer {
 public:
  /// Both must outlive it.
  FreeInterviewer(const Guide& guide, ChatModel& model) : guide_(guide), model_(model), guided_(guide) {}

  std::string manner() const override { return "free"; }
  /// Asks the model once; its errors other than kCancelled give the guided question, and a warning in the log.
  std::string ask(const Aim& aim, const InterviewState& state, const ChatCallback& callback = {},
                  const Cancel* cancel = nullptr) override;

 private:
  const Guide& guide_;
  ChatModel& model_;
  GuidedInterviewer guided_;
};

inline constexpr std::size_t kLongestQuestion = 400;

/// What the person is told at the end, from the preferences understood: each contradiction with both sides. Thread-safe.
std::string summary_text(const InterviewState& state, const Guide& guide);

/// Whether the answer to the summary agrees to it. Thread-safe.
bool agrees(std::string_view answer, const Guide& guide);

}  // namespace paa
