#pragma once
// Bytes as text (RFC 4648, section 4).

#include <string>
#include <string_view>

namespace paa {

/// With padding and without line breaks. Thread-safe.
std::string base64(std::string_view bytes);

}  // namespace paa
