#include "guard.h"
#include "paa/core/error.h"
#include "paa/core/version.h"

const char* paa_status_name(paa_status status) {
  if (status == PAA_OK) return "ok";
  if (status < PAA_INVALID_ARGUMENT || status > PAA_INTERNAL) return "unknown status";
  return paa::to_string(static_cast<paa::ErrorCode>(status));
}

const char* paa_last_error() { return paa::capi::last_error(); }

const char* paa_version() { return paa::version(); }
