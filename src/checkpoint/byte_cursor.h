#pragma once
// Reads a file's bytes from front to back and never past their end.

#include <fmt/format.h>

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "paa/core/error.h"

namespace paa {

/// Little-endian. Every function throws kBadFormat, naming origin, place and `what` was to be read, where the bytes end
/// too soon.
class ByteCursor {
 public:
  ByteCursor(std::span<const std::byte> bytes, std::string origin) : bytes_(bytes), origin_(std::move(origin)) {}

  std::uint64_t position() const noexcept { return position_; }
  std::uint64_t remaining() const noexcept { return bytes_.size() - position_; }
  const std::string& origin() const noexcept { return origin_; }

  template <class T>
  T take(std::string_view what) {
    T value;
    std::memcpy(&value, take_bytes(sizeof value, what).data(), sizeof value);
    return value;
  }

  std::span<const std::byte> take_bytes(std::uint64_t count, std::string_view what) {
    if (count > remaining()) fail_truncated(count, what);
    const auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }

  /// A count of things that take `smallest` bytes each at least: refused before anybody allocates for that many.
  std::uint64_t take_count(std::uint64_t smallest, std::string_view what) {
    const auto count = take<std::uint64_t>(what);
    if (count > remaining() / smallest) fail_truncated(count, what);
    return count;
  }

  /// A 64-bit length and that many bytes.
  std::string_view take_string(std::string_view what) {
    const auto taken = take_bytes(take_count(1, what), what);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  /// The bytes from `begin` to the position.
  std::span<const std::byte> since(std::uint64_t begin) const { return bytes_.subspan(begin, position_ - begin); }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: {}; the file is damaged, fetch it again", origin_, what));
  }

 private:
  [[noreturn]] void fail_truncated(std::uint64_t count, std::string_view what) const {
    fail(fmt::format("{} asks for {} at byte {}, but only {} bytes follow", what, count, position_, remaining()));
  }

  std::span<const std::byte> bytes_;
  std::string origin_;
  std::uint64_t position_ = 0;
};

}  // namespace paa
