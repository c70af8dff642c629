#pragma once
// Text from a file, safe to stand in a message.

#include <string>
#include <string_view>

#include "paa/core/json.h"

namespace paa {

/// In quotes, escaped, valid UTF-8 and at most about 200 bytes of it.
inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  return to_text(Json(text.substr(0, kLongest))) + (text.size() > kLongest ? "..." : "");
}

}  // namespace paa
