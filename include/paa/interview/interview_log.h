#pragma once
// An interview on disk: one line of JSON an event, safe before anything follows from it.

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "paa/core/json.h"
#include "paa/interview/interview_state.h"

namespace paa {

/// The file of a running interview. Whatever moment the process dies at, what append() returned from is there when the
/// file is opened again; a last line that was being written then is set aside in FILE.damaged. One process holds the
/// file at a time. Thread-safe.
class InterviewLog {
 public:
  /// Opens the file, or begins one in this language if there is none. Errors: kIo (another process holds it; cannot be
  /// written), kBadFormat (a damaged line that is not the last, or no interview; the line is named), kUnsupported (a newer version).
  InterviewLog(const std::filesystem::path& path, const std::string& language);
  InterviewLog(const InterviewLog&) = delete;
  InterviewLog& operator=(const InterviewLog&) = delete;
  ~InterviewLog();

  /// How the interview stands after the last event: never half an event. A shared snapshot, so that a reader keeps his.
  std::shared_ptr<const InterviewState> state() const;

  /// Writes the event, waits until it is on the disk, and takes it in. Errors: kIo (full disk: the file is as it was),
  /// kBadFormat (the event does not follow; nothing is written).
  void append(const Json& event);

  /// What was set aside when the file was opened, in words; empty: nothing.
  const std::string& set_aside() const noexcept { return set_aside_; }
  /// Where the file lies.
  const std::filesystem::path& path() const noexcept { return path_; }
  /// Deletes the file. No append after this.
  void remove();

 private:
  void read_all(const std::string& language);
  void write(const std::string& line);
  void keep_aside(const std::string& rest);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string set_aside_;
  mutable std::mutex mutex_;
  std::shared_ptr<const InterviewState> state_;
};

/// PERSON.interview.jsonl.
std::filesystem::path interview_path(const std::filesystem::path& person);

/// A larger file is refused.
inline constexpr std::uint64_t kMaxInterviewBytes = std::uint64_t{64} << 20;

}  // namespace paa
