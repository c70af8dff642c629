#pragma once
// The name that photos go by: the SHA-256 of their file's bytes.

#include <string>

namespace paa {

/// Whether the text is 64 lower-case hexadecimal digits.
inline bool is_photo_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace paa
