#pragma once
// Work done ahead on a few threads and handed out in order.

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "paa/core/error.h"

namespace paa {

/// Computes make(0), make(1) ... make(count - 1) on `threads` threads and hands the results out in that order. At most
/// `ahead` items are begun and not yet handed out, so memory does not grow with `count`. next() is for one thread at a
/// time; `make` is called from several at once.
///
///     OrderedPrefetch<Image> photos(paths.size(), [&](std::size_t i) { return read_image(paths[i]); }, 8, 2);
///     while (auto photo = photos.next()) score(*photo);
template <class T>
class OrderedPrefetch {
 public:
  /// Starts at once. Errors: kInvalidArgument (`ahead` or `threads` of 0, an empty `make`); std::system_error where the
  /// system gives no thread.
  OrderedPrefetch(std::size_t count, std::function<T(std::size_t)> make, std::size_t ahead, std::size_t threads)
      : count_(count), make_(std::move(make)), slots_(ahead) {
    if (ahead == 0 || threads == 0 || !make_) {
      throw Error(ErrorCode::kInvalidArgument, "a prefetch needs work, a thread and room for one item");
    }
    try {
      for (std::size_t i = 0; i < threads && i < count && i < ahead; ++i) threads_.emplace_back([this] { work(); });
    } catch (...) {
      stop();
      throw;
    }
  }
  OrderedPrefetch(const OrderedPrefetch&) = delete;
  OrderedPrefetch& operator=(const OrderedPrefetch&) = delete;

  /// Begins no further item and waits for the calls of `make` that are running.
  ~OrderedPrefetch() { stop(); }

  /// The next item, waiting for it if need be; nothing after the last one. What make(i) threw is thrown here in place
  /// of item i; the call after that gives item i + 1.
  std::optional<T> next() {
    std::unique_lock lock(mutex_);
    if (taken_ == count_) return std::nullopt;
    Slot& slot = slots_[taken_ % slots_.size()];
    made_.wait(lock, [&] { return slot.ready; });
    Slot item = std::exchange(slot, {});
    ++taken_;
    lock.unlock();
    room_.notify_one();
    if (item.failure) std::rethrow_exception(item.failure);
    return std::move(item.value);
  }

 private:
  struct Slot {
    bool ready = false;
    std::optional<T> value;
    std::exception_ptr failure;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      room_.wait(lock, [&] { return stopping_ || begun_ == count_ || begun_ < taken_ + slots_.size(); });
      if (stopping_ || begun_ == count_) return;
      const std::size_t index = begun_++;
      lock.unlock();
      Slot item = make_item(index);
      lock.lock();
      slots_[index % slots_.size()] = std::move(item);
      made_.notify_one();
    }
  }

  Slot make_item(std::size_t index) {
    Slot item{true, std::nullopt, nullptr};
    try {
      item.value.emplace(make_(index));
    } catch (...) {
      item.failure = std::current_exception();
    }
    return item;
  }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    room_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  const std::size_t count_;
  const std::function<T(std::size_t)> make_;
  std::mutex mutex_;
  std::condition_variable room_;  ///< for the workers: an item was taken, or the end
  std::condition_variable made_;  ///< for next(): an item was made
  std::vector<Slot> slots_;
  std::size_t begun_ = 0;
  std::size_t taken_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace paa
