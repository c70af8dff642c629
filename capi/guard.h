#pragma once
// Where C++ ends: every exception becomes a status and this thread's last error.

#include "paa.h"

namespace paa::capi {

/// Ends the running call with the status that a callback of the caller's returned.
struct CallbackStop {
  paa_status status;
};

/// To be called where an exception is being handled: remembers its message as this thread's last error, logs it, and
/// says which status it is.
paa_status report_exception(const char* function) noexcept;

/// The message that report_exception remembered last in this thread; "" if none.
const char* last_error() noexcept;

/// Runs the body of the C function `function`. PAA_OK, or the status of what it threw.
template <class Body>
paa_status guard(const char* function, Body&& body) noexcept {
  try {
    body();
    return PAA_OK;
  } catch (...) {
    return report_exception(function);
  }
}

}  // namespace paa::capi
