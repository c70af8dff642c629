#pragma once
// What the library tells the program around it. Silent unless the program sets a callback.

#include <functional>
#include <string_view>

namespace paa {

/// How much a line matters: for developers; of note; something is probably wrong.
enum class LogLevel : int { kDebug = 0, kInfo = 1, kWarning = 2 };

/// Receives one UTF-8 line without its newline. May be called from any thread, one call at a time. Must not throw and
/// must not call log or set_log_callback.
using LogCallback = std::function<void(LogLevel, std::string_view)>;

/// Replaces the process-wide callback; an empty one (the default) silences the library. Returns when no call to the
/// old callback is running any more. Thread-safe.
void set_log_callback(LogCallback callback);

/// Hands `message` to the callback, if there is one. Thread-safe; costs one atomic load when silent.
void log(LogLevel level, std::string_view message);

/// Whether a callback is set: lets a caller skip building an expensive message. Thread-safe.
bool log_enabled() noexcept;

}  // namespace paa
