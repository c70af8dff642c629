#pragma once
// An interview about what a person finds beautiful: questions out, answers in, nothing lost.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paa/chat/chat_model.h"
#include "paa/core/progress.h"
#include "paa/interview/aim.h"
#include "paa/interview/analyzer.h"
#include "paa/interview/answer_reader.h"
#include "paa/interview/guide.h"
#include "paa/interview/interview_log.h"
#include "paa/interview/interviewer.h"
#include "paa/person/person.h"

namespace paa {

/// An answer may have so many bytes; a longer one is refused, so that nothing of it is cut silently.
inline constexpr std::size_t kMaxAnswerBytes = 200'000;

/// A running interview: Interviewer and Analyzer side by side over one log. Begins where the log ends. Not thread-safe; the
/// Analyzer's thread is its own affair.
class Interview {
 public:
  /// `person`: the person file, which need not exist; the interview's file is interview_path(person). Guide, reader and
  /// interviewer must outlive it. Errors: those of InterviewLog; kMismatch (the file holds an interview in another language).
  Interview(const std::filesystem::path& person, const Guide& guide, AnswerReader& reader, Interviewer& interviewer,
            InterviewPlan plan = {});

  /// The question that waits for an answer. The next one is on the disk before it is returned; while it is found, its words
  /// go to `callback`. Nothing when the interview is over. The last question is the summary, for which the Analyzer is
  /// waited for. Errors: kCancelled, kIo (the interview stands as before).
  std::optional<InterviewQuestion> question(const ChatCallback& callback = {}, const Cancel* cancel = nullptr);

  /// Control characters but line breaks become spaces, broken UTF-8 U+FFFD; an answer of nothing but white space skips.
  /// On the disk when this returns. To the summary an answer that agrees() ends the interview; any other is read as a
  /// correction, and the summary is told anew. Errors: kInvalidArgument (no question is open, longer than
  /// kMaxAnswerBytes), kIo.
  void answer(std::string_view text);
  /// Leaves the open question unanswered. Errors: those of answer().
  void skip();
  /// Takes the last answer back and asks its question again. Whether there was one.
  bool back();
  /// The person has had enough: the summary comes next; if it is what is open, it is agreed to.
  void stop();

  /// Whether the person agreed to the summary: nothing is left to ask.
  bool over() const { return state()->confirmed; }
  /// How the interview stands; a copy that no later event changes. Thread-safe.
  std::shared_ptr<const InterviewState> state() const { return log_.state(); }
  /// Of answers that could not be read, in words.
  std::vector<std::string> faults() const { return analyzer_.faults(); }
  /// See InterviewLog::set_aside.
  const std::string& set_aside() const noexcept { return log_.set_aside(); }

  /// Waits for the Analyzer, writes preferences, concepts and transcript into the person file, and removes the interview's
  /// own file. Also before the summary was agreed to: what was said then counts as it is. Returns the person as written.
  /// Errors: kCancelled, those of update_person; nothing is lost then.
  Person finish(const Cancel* cancel = nullptr);

 private:
  void ask(const Aim& aim, std::string text);

  std::filesystem::path person_;
  const Guide& guide_;
  Interviewer& interviewer_;
  InterviewPlan plan_;
  InterviewLog log_;
  Analyzer analyzer_;
};

/// Adds the interview to the person: its preferences (in place of those of an earlier state of the same interview), the
/// concepts they lead to, and the transcript.
void add_interview(Person& person, const InterviewState& state);

}  // namespace paa
