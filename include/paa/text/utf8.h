#pragma once
// UTF-8 as bytes: what is well-formed, and what to do with what is not. Follows the Unicode Standard, table 3-7, and
// its "maximal subpart" practice for replacement, as Python's bytes.decode(errors="replace") and web browsers do.

#include <cstddef>
#include <string>
#include <string_view>

namespace paa {

/// The UTF-8 bytes of U+FFFD, which stands in for bytes that are not UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// What the first bytes of a text are.
enum class Utf8State {
  kValid,     ///< one whole character
  kInvalid,   ///< bytes that cannot begin or continue a character
  kTruncated  ///< the text ends inside a character that is well-formed so far
};

/// The first `size` bytes of a text and what they are.
struct Utf8Unit {
  std::size_t size = 0;
  Utf8State state = Utf8State::kValid;
};

/// Whether `byte` is a second, third or fourth byte of a character.
constexpr bool is_utf8_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Reads the character at the start of `text`, or the longest piece of a broken one (1 to 3 bytes; one U+FFFD replaces
/// it). `text` must not be empty. Thread-safe.
constexpr Utf8Unit next_utf8(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {1, Utf8State::kValid};
  if (lead < 0xC2 || lead > 0xF4) return {1, Utf8State::kInvalid};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // Only the second byte has narrower ranges: no overlong forms, no surrogates, nothing beyond U+10FFFF.
  unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (std::size_t i = 1; i < length; ++i, low = 0x80, high = 0xBF) {
    if (i == text.size()) return {i, Utf8State::kTruncated};
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < low || byte > high) return {i, Utf8State::kInvalid};
  }
  return {length, Utf8State::kValid};
}

/// Whether all of `text` is well-formed UTF-8. Thread-safe.
constexpr bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const Utf8Unit unit = next_utf8(text);
    if (unit.state != Utf8State::kValid) return false;
    text.remove_prefix(unit.size);
  }
  return true;
}

/// `text` with every broken piece replaced by U+FFFD; equal to `text` if that is well-formed. Thread-safe.
inline std::string replace_invalid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Utf8Unit unit = next_utf8(text);
    result += unit.state == Utf8State::kValid ? text.substr(0, unit.size) : kReplacementCharacter;
    text.remove_prefix(unit.size);
  }
  return result;
}

}  // namespace paa
