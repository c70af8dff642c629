#pragma once
// What a C caller hands in, checked before anything is done with it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "paa/core/error.h"

namespace paa::capi {

[[noreturn]] inline void refuse(const std::string& what) { throw Error(ErrorCode::kInvalidArgument, what); }

/// What a pointer that must not be NULL points to.
template <class T>
T& required(T* pointer, const char* name) {
  if (pointer == nullptr) refuse(std::string(name) + " is NULL");
  return *pointer;
}

/// Makes a handle by `make()`; `*out` is NULL if that throws.
template <class Handle, class Make>
void make_handle(Handle** out, const char* name, Make&& make) {
  required(out, name) = nullptr;
  *out = new Handle{make()};
}

/// The `count` elements of a caller's array, which may be NULL if there are none.
template <class T>
std::span<T> array(T* data, std::size_t count, const char* name) {
  if (count > PTRDIFF_MAX / sizeof(T)) refuse("count is larger than any array: " + std::to_string(count));
  if (count > 0) required(data, name);
  return {data, count};
}

/// Same, for an array of handles of which none may be NULL.
template <class Handle>
std::span<const Handle* const> handles(const Handle* const* data, std::size_t count, const char* name) {
  const auto all = array(data, count, name);
  for (std::size_t i = 0; i < count; ++i) {
    if (all[i] == nullptr) refuse(std::string(name) + "[" + std::to_string(i) + "] is NULL");
  }
  return all;
}

/// The text at `data`, which may be NULL if it is empty.
inline std::string_view text(const char* data, std::size_t size, const char* name) {
  const auto bytes = array(data, size, name);
  return {bytes.data(), bytes.size()};
}

/// Same, for the name of a file or folder. The system would cut it at a zero byte and open another one.
inline std::string file_name(const char* data, std::size_t size, const char* name) {
  std::string result(text(data, size, name));
  if (result.find('\0') != std::string::npos) refuse(std::string(name) + " has a zero byte inside");
  return result;
}

/// Same, where an empty one cannot be meant.
inline std::filesystem::path path(const char* data, std::size_t size, const char* name) {
  auto result = file_name(data, size, name);
  if (result.empty()) refuse(std::string(name) + " is empty");
  return result;
}

}  // namespace paa::capi
