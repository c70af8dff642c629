#pragma once
// The time of day, as files keep it.

#include <chrono>
#include <cstdint>

namespace paa {

/// Milliseconds since 1970-01-01 UTC. Thread-safe.
inline std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace paa
