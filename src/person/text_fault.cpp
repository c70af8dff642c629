#include "text_fault.h"

#include <fmt/format.h>

#include <string_view>

#include "paa/core/json.h"

namespace paa {
namespace {

// Controls are U+0000..1F, U+007F and, as two bytes, U+0080..9F.
bool has_control(std::string_view text, bool allow_breaks) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_break = byte == '\n' || byte == '\r' || byte == '\t';
    if ((byte < 0x20 && !(is_break && allow_breaks)) || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

}  // namespace

bool is_utf8_text(const std::string& text) {
  try {
    Json(text).dump();
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

std::optional<std::string> text_fault(const std::string& text, std::size_t max_bytes, bool allow_breaks) {
  if (text.size() > max_bytes) return fmt::format("has {} bytes, more than the limit of {}", text.size(), max_bytes);
  if (!is_utf8_text(text)) return "is not UTF-8";
  if (has_control(text, allow_breaks)) return "holds a control character";
  if (text.find_first_not_of(" \t\r\n._") == std::string::npos) return "says nothing; leave the field out instead";
  return std::nullopt;
}

}  // namespace paa
