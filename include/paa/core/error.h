#pragma once
// The one exception type of the library.

#include <stdexcept>
#include <string>

namespace paa {

/// What kind of failure an Error reports. The C API has the same values as `paa_status`.
enum class ErrorCode : int {
  kInvalidArgument = 1,  ///< the caller passed a value outside the documented range
  kNotFound = 2,         ///< a file, folder, tensor, field or model that must exist does not
  kIo = 3,               ///< the operating system refused to read or write
  kBadFormat = 4,        ///< the bytes are damaged or are not what they claim to be
  kUnsupported = 5,      ///< the input is valid, but this library does not handle it
  kLimitExceeded = 6,    ///< a named limit (pixels, bytes, depth, tokens) was passed
  kMismatch = 7,         ///< two parts do not belong together (hash, shape, model pair)
  kCancelled = 8,        ///< the caller asked to stop
  kOutOfMemory = 9,      ///< an allocation failed
  kInternal = 10,        ///< a fault in the library itself; please report it
};

/// The field-standard lower-case name of a code, for example "bad format". Never null; thread-safe.
const char* to_string(ErrorCode code) noexcept;

/// Thrown at the edge where bad input is first seen. The message is one UTF-8 sentence or two that say what is wrong,
/// where (file, line, column, tensor, key) and what to do about it. It never ends in a newline.
class Error : public std::runtime_error {
 public:
  /// `message`: as said above; what() gives it back.
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  /// What kind of failure it is, for programs to decide by.
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace paa
