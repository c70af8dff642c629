#pragma once
// The second agent: reads along while the interview goes on, and builds the profile.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "paa/core/progress.h"
#include "paa/interview/answer_reader.h"
#include "paa/interview/interview_log.h"

namespace paa {

/// Works through a queue of turns in a thread of its own and commits what it found of each to the log, in one event; so
/// whoever reads the log's state sees a turn's preferences whole or not at all. Members are thread-safe.
class Analyzer {
 public:
  /// Reader and log must outlive it. Begins with the turns that the log says are pending.
  Analyzer(AnswerReader& reader, InterviewLog& log);
  /// Stops in the middle of a turn, which stays pending.
  ~Analyzer();
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;

  /// Looks for turns that were answered since. Does not wait.
  void look();
  /// Waits until all answered turns are read, or failed. Error: kCancelled.
  void drain(const Cancel* cancel = nullptr);
  /// What went wrong with turns that could not be read, one line each; they stay pending for the next run.
  std::vector<std::string> faults() const;

 private:
  void work();
  void analyse(int turn);
  std::optional<int> next_turn();

  AnswerReader& reader_;
  InterviewLog& log_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool looking_ = true, stopping_ = false, busy_ = false;
  std::set<int> failed_;
  std::vector<std::string> faults_;
  Cancel cancel_;
  std::thread thread_;
};

}  // namespace paa
