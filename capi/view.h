#pragma once
// Texts of the library that a C caller looks at: pointers into what a handle holds.

#include <cstddef>
#include <string>

#include "arguments.h"

namespace paa::capi {

/// Points `*data` at the text that `find()` gives, and tells its size if `size` is not NULL; NULL and 0 if that throws.
template <class Find>
void view_text(const char** data, std::size_t* size, const char* name, Find&& find) {
  if (size != nullptr) *size = 0;
  required(data, name) = nullptr;
  const std::string& value = find();
  *data = value.c_str();
  if (size != nullptr) *size = value.size();
}

/// The same for two fields of a struct.
inline void point_at(const char*& data, std::size_t& size, const std::string& value) {
  data = value.c_str();
  size = value.size();
}

/// The element number `index`, which exists.
template <class List>
const auto& element(const List& list, std::size_t index) {
  if (index >= list.size()) {
    refuse("index is " + std::to_string(index) + ", and there are " + std::to_string(list.size()));
  }
  return list[index];
}

}  // namespace paa::capi
