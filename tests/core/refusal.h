#pragma once
// What a call that must fail says.

#include <string>

#include "catch.h"
#include "paa/core/error.h"

struct Refusal {
  paa::ErrorCode code = paa::ErrorCode::kInternal;
  std::string message;
};

/// Fails the test case where `call` throws no paa::Error.
template <class Call>
Refusal refusal(Call&& call) {
  try {
    call();
  } catch (const paa::Error& error) {
    return {error.code(), error.what()};
  }
  FAIL("no paa::Error was thrown");
  return {};
}
