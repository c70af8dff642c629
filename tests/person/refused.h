#pragma once
// That a call is refused, with which code, and that its message says what it should.

#include <functional>
#include <string>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"

inline void check_refused(const std::function<void()>& call, paa::ErrorCode code,
                          const std::vector<std::string>& parts) {
  try {
    call();
    FAIL_CHECK("was accepted: " << parts.front());
  } catch (const paa::Error& e) {
    const std::string message = e.what();
    INFO(message);
    CHECK(e.code() == code);
    for (const std::string& part : parts) CHECK(message.find(part) != std::string::npos);
  }
}
