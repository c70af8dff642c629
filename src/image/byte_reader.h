#pragma once
// A cursor over a photo's bytes that cannot leave them: running past the end is the error "cut off".

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "paa/core/error.h"

namespace paa {

/// `origin` (the photo) and `format` ("PNG") are named in errors and must outlive the reader.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string_view origin, const char* format)
      : bytes_(bytes), origin_(origin), format_(format) {}

  std::size_t position() const noexcept { return at_; }
  std::size_t remaining() const noexcept { return bytes_.size() - at_; }
  std::string_view origin() const noexcept { return origin_; }

  /// All bytes from here on; the cursor stays.
  std::span<const std::byte> peek() const noexcept { return bytes_.subspan(at_); }

  /// The next `count` bytes.
  std::span<const std::byte> take(std::uint64_t count) {
    if (count > remaining()) cut_off(fmt::format("{} bytes are needed from byte {}", count, at_));
    const auto part = bytes_.subspan(at_, static_cast<std::size_t>(count));
    at_ += part.size();
    return part;
  }

  void skip(std::uint64_t count) { take(count); }

  std::uint8_t u8() { return std::to_integer<std::uint8_t>(take(1)[0]); }
  std::uint16_t u16_big() { return static_cast<std::uint16_t>(big(2)); }
  std::uint32_t u32_big() { return big(4); }
  std::uint16_t u16_little() { return static_cast<std::uint16_t>(little(2)); }
  std::uint32_t u32_little() { return little(4); }

  /// Throws "ORIGIN: the FORMAT is cut off at byte SIZE: what".
  [[noreturn]] void cut_off(std::string_view what) const {
    throw Error(ErrorCode::kBadFormat,
                fmt::format("{}: the {} is cut off at byte {}: {}", origin_, format_, bytes_.size(), what));
  }

  /// Throws "ORIGIN: damaged FORMAT: what".
  [[noreturn]] void damaged(std::string_view what) const {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: damaged {}: {}", origin_, format_, what));
  }

  /// Throws "ORIGIN: this kind of FORMAT is not supported (what); save it as JPEG or PNG".
  [[noreturn]] void unsupported(std::string_view what) const {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: this kind of {} is not supported ({}); save it as an ordinary JPEG or PNG", origin_,
                            format_, what));
  }

 private:
  std::uint32_t big(int count) {
    std::uint32_t value = 0;
    for (const std::byte byte : take(count)) value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
  }
  std::uint32_t little(int count) {
    std::uint32_t value = 0;
    int shift = 0;
    for (const std::byte byte : take(count)) {
      value |= std::to_integer<std::uint32_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }

  std::span<const std::byte> bytes_;
  std::string_view origin_;
  const char* format_;
  std::size_t at_ = 0;
};

}  // namespace paa
