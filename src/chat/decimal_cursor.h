#pragma once
// How far a text has come towards a decimal number within bounds.

#include <cstdint>
#include <limits>

namespace paa {

/// The numbers n / 10^fraction_digits for whole n from `low` to `high`. With fraction digits, both lie within 10^16.
struct DecimalRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
  int fraction_digits = 0;
};

/// A value: the range is handed to each call, so that copies stay small. No leading zeros, no "-0", no "+".
class DecimalCursor {
 public:
  bool operator==(const DecimalCursor&) const = default;

  /// Whether a number in the range goes on with the byte; if not, the cursor is as it was.
  bool take(const DecimalRange& range, char byte) {
    DecimalCursor next = *this;
    if (!next.append(range, byte) || !next.leads_somewhere(range)) return false;
    *this = next;
    return true;
  }

  bool complete(const DecimalRange& range) const {
    if (!has_digits_ || fraction_ == 0) return false;
    const Magnitudes bounds = magnitudes(range);
    const std::uint64_t value = digits_ * unit(range);
    return bounds.low <= value && value <= bounds.high;
  }

 private:
  struct Magnitudes {
    std::uint64_t low, high;
  };

  static std::uint64_t magnitude(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return value < 0 ? 0 - bits : bits;
  }

  // Of the numbers with the cursor's sign; low > high where there are none. Zero has no minus sign.
  Magnitudes magnitudes(const DecimalRange& range) const {
    if (negative_) {
      return {range.high < 0 ? magnitude(range.high) : 1, range.low < 0 ? magnitude(range.low) : 0};
    }
    if (range.high < 0) return {1, 0};
    return {range.low > 0 ? magnitude(range.low) : 0, magnitude(range.high)};
  }

  // What one of the last digit counts in the range's terms.
  std::uint64_t unit(const DecimalRange& range) const {
    std::uint64_t unit = 1;
    for (int i = point_taken() ? fraction_ : 0; i < range.fraction_digits; ++i) unit *= 10;
    return unit;
  }

  bool point_taken() const { return fraction_ >= 0; }

  bool append(const DecimalRange& range, char byte) {
    if (byte == '-') {
      if (negative_ || has_digits_) return false;
      negative_ = true;
      return true;
    }
    if (byte == '.') {
      if (!has_digits_ || point_taken() || range.fraction_digits == 0) return false;
      fraction_ = 0;
      return true;
    }
    return byte >= '0' && byte <= '9' && append_digit(range, static_cast<unsigned>(byte - '0'));
  }

  bool append_digit(const DecimalRange& range, unsigned digit) {
    const bool leading_zero = has_digits_ && digits_ == 0 && !point_taken();
    const bool too_fine = point_taken() && fraction_ == range.fraction_digits;
    const bool too_long = digits_ > (std::numeric_limits<std::uint64_t>::max() - digit) / 10;
    if (leading_zero || too_fine || too_long) return false;
    digits_ = digits_ * 10 + digit;
    has_digits_ = true;
    if (point_taken()) ++fraction_;
    return true;
  }

  // Whether a number in the range begins with what was taken.
  bool leads_somewhere(const DecimalRange& range) const {
    const auto [low, high] = magnitudes(range);
    if (low > high) return false;
    if (!has_digits_) return true;
    const std::uint64_t step = unit(range);
    if (digits_ > high / step) return false;
    std::uint64_t first = digits_ * step;
    std::uint64_t last = first + (step - 1);
    if (point_taken()) return last >= low;
    // Each further digit before the point makes the numbers ten times as large: [12, 12], [120, 129], [1200, 1299] ...
    // The last is at most twice the first, and bounds have 63 bits, so that nothing overflows.
    while (last < low) {
      if (first == 0 || first > high / 10) return false;
      first *= 10;
      last = last * 10 + 9;
    }
    return true;
  }

  std::uint64_t digits_ = 0;  // those taken, read without the point
  bool has_digits_ = false;
  bool negative_ = false;
  std::int8_t fraction_ = -1;  // digits after the point; -1 before it
};

}  // namespace paa
