#pragma once
// How a long call reports where it is and learns that it should stop.

#include <atomic>
#include <cstddef>
#include <functional>

#include "paa/core/error.h"

namespace paa {

/// Called by a long operation with the units done so far and the units in all (0: not known yet). Called from the
/// thread that runs the operation. An exception it throws ends the operation and reaches the operation's caller.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// A flag one thread raises and a running call looks at. Every long call of the library takes a `const Cancel*`; null
/// means "never cancelled". All members are thread-safe and safe in a signal handler.
class Cancel {
 public:
  /// Raises the flag: every call that looks at it ends soon with kCancelled.
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  /// Lowers it again.
  void reset() noexcept { requested_.store(false, std::memory_order_relaxed); }
  /// Whether it is raised.
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
};

/// Throws Error(kCancelled) if `cancel` is not null and has been requested.
inline void throw_if_cancelled(const Cancel* cancel) {
  if (cancel != nullptr && cancel->requested()) throw Error(ErrorCode::kCancelled, "cancelled by the caller");
}

}  // namespace paa
