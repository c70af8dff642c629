#include "guard.h"

#include <c10/util/Exception.h>

#include <filesystem>
#include <new>
#include <string>
#include <string_view>

#include "paa/core/error.h"
#include "paa/core/log.h"
#include "paa/text/utf8.h"

namespace paa::capi {
namespace {

static_assert(PAA_INVALID_ARGUMENT == static_cast<int>(ErrorCode::kInvalidArgument));
static_assert(PAA_NOT_FOUND == static_cast<int>(ErrorCode::kNotFound));
static_assert(PAA_IO == static_cast<int>(ErrorCode::kIo));
static_assert(PAA_BAD_FORMAT == static_cast<int>(ErrorCode::kBadFormat));
static_assert(PAA_UNSUPPORTED == static_cast<int>(ErrorCode::kUnsupported));
static_assert(PAA_LIMIT_EXCEEDED == static_cast<int>(ErrorCode::kLimitExceeded));
static_assert(PAA_MISMATCH == static_cast<int>(ErrorCode::kMismatch));
static_assert(PAA_CANCELLED == static_cast<int>(ErrorCode::kCancelled));
static_assert(PAA_OUT_OF_MEMORY == static_cast<int>(ErrorCode::kOutOfMemory));
static_assert(PAA_INTERNAL == static_cast<int>(ErrorCode::kInternal));

// `message` points into `text`, or at a literal where there was no memory for a copy.
struct LastError {
  std::string text;
  const char* message = "";
};

thread_local LastError last;

paa_status remember(const char* function, paa_status status, const char* message) noexcept {
  try {
    last.text = replace_invalid_utf8(message);  // a path in it need not be UTF-8
    last.message = last.text.c_str();
    if (log_enabled()) log(LogLevel::kDebug, std::string(function) + ": " + last.text);
  } catch (...) {
    last.message = "failed, and there was no memory left to say why";
  }
  return status;
}

// libtorch has no exception type of its own for this.
bool is_failed_allocation(const c10::Error& error) {
  return std::string_view(error.what_without_backtrace()).find("can't allocate memory") != std::string_view::npos;
}

}  // namespace

paa_status report_exception(const char* function) noexcept {
  try {
    throw;
  } catch (const CallbackStop& stop) {
    return remember(function, stop.status, "stopped by the caller's callback");
  } catch (const Error& error) {
    return remember(function, static_cast<paa_status>(error.code()), error.what());
  } catch (const c10::Error& error) {
    return remember(function, is_failed_allocation(error) ? PAA_OUT_OF_MEMORY : PAA_INTERNAL,
                    error.what_without_backtrace());
  } catch (const std::filesystem::filesystem_error& error) {
    return remember(function, PAA_IO, error.what());
  } catch (const std::bad_alloc&) {
    return remember(function, PAA_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return remember(function, PAA_INTERNAL, error.what());
  } catch (...) {
    return remember(function, PAA_INTERNAL, "an exception of unknown type; please report it");
  }
}

const char* last_error() noexcept { return last.message; }

}  // namespace paa::capi
