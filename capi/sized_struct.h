#pragma once
// Structs that begin with struct_size, so that callers and libraries of different versions understand each other:
// a caller's shorter struct means defaults for the rest, a longer one is refused only if it says something unknown.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "arguments.h"

namespace paa::capi {

/// A struct_size that is no plausible version's: most likely never set.
inline constexpr std::size_t kLargestStruct = 4096;

/// Specialised for each struct: its size in the version that introduced it. Does not change when fields are added.
template <class T>
inline constexpr std::size_t kFirstSize = 0;

template <class T>
void check_struct_size(std::size_t size, const char* name) {
  static_assert(kFirstSize<T> > sizeof(std::size_t) && kFirstSize<T> <= sizeof(T));
  if (size < kFirstSize<T> || size > kLargestStruct) {
    refuse(std::string(name) + ".struct_size is " + std::to_string(size) +
           ", no version's size; use its _init function");
  }
}

/// Writes `values` to a caller's struct of `size` bytes, as far as it reaches, and zeros beyond what is known here.
template <class T>
void write_struct(T* out, std::size_t size, const T& values, const char* name) {
  required(out, name);
  check_struct_size<T>(size, name);
  auto* bytes = reinterpret_cast<unsigned char*>(out);
  const std::size_t known = std::min(size, sizeof(T));
  std::memcpy(bytes, &values, known);
  std::fill(bytes + known, bytes + size, static_cast<unsigned char>(0));
  out->struct_size = size;
}

/// Reads a caller's struct, of which only struct_size bytes are looked at; `defaults` if it is NULL.
template <class T>
T read_struct(const T* in, const T& defaults, const char* name) {
  if (in == nullptr) return defaults;
  const std::size_t size = in->struct_size;
  check_struct_size<T>(size, name);
  const auto* bytes = reinterpret_cast<const unsigned char*>(in);
  const std::size_t known = std::min(size, sizeof(T));
  if (std::any_of(bytes + known, bytes + size, [](unsigned char byte) { return byte != 0; })) {
    refuse(std::string(name) + " sets an option that this version of the library does not know");
  }
  T result = defaults;
  std::memcpy(&result, bytes, known);
  return result;
}

}  // namespace paa::capi
