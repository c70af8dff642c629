#pragma once
// How far a text has come towards a JSON string of some length.

#include <cstdint>
#include <string_view>

namespace paa {

/// In code points.
struct JsonStringLength {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
};

/// A value: the bounds are handed to each call, so that copies stay small.
class JsonStringCursor {
 public:
  bool operator==(const JsonStringCursor&) const = default;

  /// Whether a string goes on with the byte; if not, the cursor is as it was.
  bool take(const JsonStringLength& length, char byte) {
    switch (place_) {
      case Place::kBefore: return byte == '"' && move_to(Place::kText);
      case Place::kText: return take_text(length, static_cast<unsigned char>(byte));
      case Place::kCharacter: return take_continuation(static_cast<unsigned char>(byte));
      case Place::kEscape: return take_escape(byte);
      case Place::kHex: return take_hex(byte);
      case Place::kPairEscape: return byte == '\\' && move_to(Place::kPairLetter);
      case Place::kPairLetter: return byte == 'u' && begin_hex(true);
      case Place::kAfter: return false;
    }
    return false;
  }

  bool complete() const { return place_ == Place::kAfter; }

 private:
  enum class Place : std::uint8_t { kBefore, kText, kCharacter, kEscape, kHex, kPairEscape, kPairLetter, kAfter };

  bool move_to(Place place) {
    place_ = place;
    return true;
  }

  bool take_text(const JsonStringLength& length, unsigned char byte) {
    if (byte == '"') return count_ >= length.min && move_to(Place::kAfter);
    if (count_ == length.max || byte < 0x20) return false;
    if (byte == '\\') {
      place_ = Place::kEscape;
    } else if (byte >= 0x80 && !begin_character(byte)) {
      return false;
    }
    ++count_;
    return true;
  }

  // The same ranges as in next_utf8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
  bool begin_character(unsigned char lead) {
    if (lead < 0xC2 || lead > 0xF4) return false;
    left_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    low_ = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    high_ = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return move_to(Place::kCharacter);
  }

  bool take_continuation(unsigned char byte) {
    if (byte < low_ || byte > high_) return false;
    low_ = 0x80;
    high_ = 0xBF;
    return --left_ > 0 || move_to(Place::kText);
  }

  bool take_escape(char byte) {
    if (byte == 'u') return begin_hex(false);
    return byte != '\0' && std::string_view("\"\\/bfnrt").find(byte) != std::string_view::npos && move_to(Place::kText);
  }

  bool begin_hex(bool second_of_pair) {
    second_of_pair_ = second_of_pair;
    hex_ = 0;
    left_ = 4;
    return move_to(Place::kHex);
  }

  bool take_hex(char byte) {
    const int digit = hex_digit(byte);
    if (digit < 0) return false;
    const auto value = static_cast<std::uint16_t>(hex_ * 16 + digit);
    if (!hex_fits(value, left_ - 1)) return false;
    hex_ = value;
    if (--left_ > 0) return true;
    const bool first_of_pair = !second_of_pair_ && (hex_ & 0xFC00) == 0xD800;
    return move_to(first_of_pair ? Place::kPairEscape : Place::kText);
  }

  // Whether hex digits may begin so, when `left` are still to come: the second of a pair, and nothing else, lies in
  // DC00-DFFF.
  bool hex_fits(std::uint16_t value, int left) const {
    if (left == 3) return !second_of_pair_ || value == 0xD;
    const int first_two = value >> (8 - 4 * left);
    return second_of_pair_ == (first_two >= 0xDC && first_two <= 0xDF);
  }

  static int hex_digit(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return -1;
  }

  std::uint32_t count_ = 0;  // code points begun
  Place place_ = Place::kBefore;
  bool second_of_pair_ = false;
  std::uint16_t hex_ = 0;            // the digits taken
  std::uint8_t left_ = 0;            // bytes or hex digits still to come
  std::uint8_t low_ = 0, high_ = 0;  // what the character's next byte may be
};

}  // namespace paa
