#pragma once
// Which of the processes that train together are still there.

#ifdef PAA_WITH_GLOO

#include <torch/csrc/distributed/c10d/Store.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace paa {

/// Counts up a number of its own in the store every half second, on a thread of its own, so that a process that is busy
/// is told from one that is lost. lost_ranks() and expect_rank() are for one thread.
class Heartbeat {
 public:
  Heartbeat(c10::intrusive_ptr<c10d::Store> store, int rank, int size);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// Looks for a few seconds. "process 1 was lost", "processes 1 and 3 were lost", or empty if all of them are there.
  std::string lost_ranks();

  /// Waits for a moment. Throws std::runtime_error if the rank has given no sign for some seconds.
  void expect_rank(int rank);

 private:
  static constexpr std::chrono::milliseconds kBeat{500}, kPatience{5000};

  void beat();
  std::int64_t count_of(int rank);

  c10::intrusive_ptr<c10d::Store> store_;  // of the asking thread
  c10::intrusive_ptr<c10d::Store> own_;    // a connection for the beating thread
  int rank_, size_;
  std::int64_t last_seen_ = -1;
  std::chrono::steady_clock::time_point last_change_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace paa

#endif
