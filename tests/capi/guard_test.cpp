#include "guard.h"

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <new>
#include <string>

#include "paa/core/error.h"
#include "torch_catch.h"

using paa::capi::guard;

namespace {

template <class Exception>
paa_status status_of(const Exception& exception) {
  return guard("function", [&] { throw exception; });
}

}  // namespace

TEST_CASE("each code of an Error is the status of the same number, with its message") {
  for (int code = PAA_INVALID_ARGUMENT; code <= PAA_INTERNAL; ++code) {
    const std::string message = "what went wrong " + std::to_string(code);
    CHECK(status_of(paa::Error(static_cast<paa::ErrorCode>(code), message)) == code);
    CHECK(paa::capi::last_error() == message);
  }
}

TEST_CASE("a body that throws nothing is ok and leaves the last error alone") {
  status_of(paa::Error(paa::ErrorCode::kIo, "the disk is gone"));
  CHECK(guard("function", [] {}) == PAA_OK);
  CHECK(std::string(paa::capi::last_error()) == "the disk is gone");
}

TEST_CASE("libtorch's errors come without their backtrace") {
  const auto torch_fails = [] { TORCH_CHECK(false, "shapes differ"); };
  CHECK(guard("function", torch_fails) == PAA_INTERNAL);
  CHECK(std::string(paa::capi::last_error()) == "shapes differ");
}

TEST_CASE("memory that neither C++ nor libtorch can get is out of memory") {
  CHECK(status_of(std::bad_alloc()) == PAA_OUT_OF_MEMORY);
  CHECK(guard("function", [] { c10::GetDefaultCPUAllocator()->allocate(std::size_t{1} << 60); }) == PAA_OUT_OF_MEMORY);
}

TEST_CASE("what is not known to the library is an internal error") {
  CHECK(status_of(std::runtime_error("odd")) == PAA_INTERNAL);
  CHECK(std::string(paa::capi::last_error()) == "odd");
  CHECK(status_of(42) == PAA_INTERNAL);
}

TEST_CASE("a callback's own status is handed through") { CHECK(status_of(paa::capi::CallbackStop{-7}) == -7); }
