#include "paa/core/log.h"

#include "guard.h"

static_assert(PAA_LOG_DEBUG == static_cast<int>(paa::LogLevel::kDebug));
static_assert(PAA_LOG_INFO == static_cast<int>(paa::LogLevel::kInfo));
static_assert(PAA_LOG_WARNING == static_cast<int>(paa::LogLevel::kWarning));

paa_status paa_set_log_callback(paa_log_callback callback, void* user_data) {
  return paa::capi::guard(__func__, [&] {
    if (callback == nullptr) return paa::set_log_callback({});
    // One call at a time, so `ended` needs no lock. It is a flag because a callback cannot be replaced from inside.
    paa::set_log_callback([callback, user_data, ended = false](paa::LogLevel level, std::string_view text) mutable {
      if (!ended) ended = callback(static_cast<int32_t>(level), text.data(), text.size(), user_data) != PAA_OK;
    });
  });
}
