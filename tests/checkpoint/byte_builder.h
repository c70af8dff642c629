#pragma once
// Puts the bytes of a file together piece by piece, right or wrong.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

class ByteBuilder {
 public:
  ByteBuilder& text(std::string_view value) { return append(std::as_bytes(std::span(value))); }
  ByteBuilder& u32(std::uint32_t value) { return append(std::as_bytes(std::span(&value, 1))); }
  ByteBuilder& u64(std::uint64_t value) { return append(std::as_bytes(std::span(&value, 1))); }
  ByteBuilder& zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  ByteBuilder& append(std::span<const std::byte> bytes) {
    for (const auto byte : bytes) bytes_.push_back(byte);
    return *this;
  }
  std::size_t size() const { return bytes_.size(); }
  std::vector<std::byte> bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};
