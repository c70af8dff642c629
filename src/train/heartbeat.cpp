#include "heartbeat.h"

#ifdef PAA_WITH_GLOO

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <stdexcept>

namespace paa {
namespace {

std::string key_of(int rank) { return fmt::format("beat/{}", rank); }

}  // namespace

Heartbeat::Heartbeat(c10::intrusive_ptr<c10d::Store> store, int rank, int size)
    : store_(std::move(store)), own_(store_->clone()), rank_(rank), size_(size) {
  own_->add(key_of(rank_), 1);
  thread_ = std::thread([this] { beat(); });
}

Heartbeat::~Heartbeat() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
}

void Heartbeat::beat() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, kBeat, [&] { return stopping_; })) {
    try {
      own_->add(key_of(rank_), 1);
    } catch (const std::exception&) {
      return;  // the store is gone; whoever asks will say so
    }
  }
}

std::int64_t Heartbeat::count_of(int rank) { return store_->add(key_of(rank), 0); }

std::string Heartbeat::lost_ranks() {
  try {
    std::vector<std::int64_t> before;
    for (int i = 0; i < size_; ++i) before.push_back(count_of(i));
    std::this_thread::sleep_for(4 * kBeat);
    std::vector<int> lost;
    for (int i = 0; i < size_; ++i) {
      if (i != rank_ && count_of(i) == before[static_cast<std::size_t>(i)]) lost.push_back(i);
    }
    if (lost.empty()) return {};
    return fmt::format("process{} {} {} lost", lost.size() > 1 ? "es" : "", fmt::join(lost, ", "),
                       lost.size() > 1 ? "were" : "was");
  } catch (const std::exception&) {
    return "process 0, or whoever holds the store at MASTER_ADDR, was lost";
  }
}

void Heartbeat::expect_rank(int rank) {
  std::this_thread::sleep_for(kBeat / 5);
  const auto now = std::chrono::steady_clock::now();
  if (const std::int64_t seen = count_of(rank); seen != last_seen_) {
    last_seen_ = seen;
    last_change_ = now;
  } else if (now - last_change_ > kPatience) {
    throw std::runtime_error(fmt::format("process {} gives no sign", rank));
  }
}

}  // namespace paa

#endif
