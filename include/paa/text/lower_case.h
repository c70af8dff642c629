#pragma once
// Text without regard to the case of ASCII letters.

#include <string>
#include <string_view>

namespace paa {

/// ASCII letters in lower case, all other bytes as they are. Thread-safe.
inline std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace paa
