#pragma once
// What is wrong with a text that a person typed.

#include <cstddef>
#include <optional>
#include <string>

namespace paa {

/// Whether a JSON file can hold the text. Thread-safe.
bool is_utf8_text(const std::string& text);

/// Nothing, or why the text is refused: too long, not UTF-8, control characters (line breaks and tabs only where
/// allowed), or it says nothing. Thread-safe.
std::optional<std::string> text_fault(const std::string& text, std::size_t max_bytes, bool allow_breaks);

}  // namespace paa
