#include "paa/core/log.h"

#include <atomic>
#include <mutex>
#include <utility>

namespace paa {
namespace {

struct LogState {
  std::atomic<bool> enabled{false};
  std::mutex mutex;
  LogCallback callback;
};

// Leaked on purpose: a thread may still log while static objects are being destroyed.
LogState& state() {
  static auto* instance = new LogState;
  return *instance;
}

}  // namespace

void set_log_callback(LogCallback callback) {
  LogState& s = state();
  std::lock_guard lock(s.mutex);
  s.callback = std::move(callback);
  s.enabled.store(static_cast<bool>(s.callback), std::memory_order_release);
}

void log(LogLevel level, std::string_view message) {
  LogState& s = state();
  if (!log_enabled()) return;
  std::lock_guard lock(s.mutex);
  if (s.callback) s.callback(level, message);
}

bool log_enabled() noexcept { return state().enabled.load(std::memory_order_acquire); }

}  // namespace paa
