#pragma once
// An interview on the page of `paa rate --serve`: a chat with photos beside it.

#include <optional>

#include "interview_setup.h"
#include "paa/core/json.h"
#include "rate_session.h"

namespace paa::cli {

/// Not thread-safe. Nothing is made on disk before the person begins.
class InterviewSession {
 public:
  /// `photos` must outlive it: its model reads the answers, its photos are shown, and looked at again after the end.
  InterviewSession(InterviewSetup setup, RateSession& photos) : setup_(std::move(setup)), photos_(photos) {}

  /// {"begun", "waiting": an interview was left before, "over", "opening", "closing", "turns": [{"question", "answer",
  /// "photos"}], "open": {"question", "kind", "photos"} or null, "understood": [{"polarity", "subject", "quote"}],
  /// "reading": answers not read yet, "faults": [..], "concepts": [names, once it is over]}. Photos are SHA-256. Finds the
  /// next question, if one is due. Errors: those of Interview.
  Json state();

  /// {"interview": "begin" | "answer" | "skip" | "back" | "stop", "text": of an answer}. Errors: kBadFormat, those of
  /// Interview.
  void say(const Json& request);

 private:
  Json turn_json(const InterviewQuestion& question) const;
  void finish();

  InterviewSetup setup_;
  RateSession& photos_;
  std::optional<InterviewRun> run_;
  Json last_;  // of an interview that is over
};

}  // namespace paa::cli
