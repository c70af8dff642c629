#pragma once
// SHA-256 (FIPS 180-4) of bytes and files, through OpenSSL's libcrypto: the identity of photos and model parts.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "paa/core/progress.h"

namespace paa {

/// A running hash. Not thread-safe; different objects are independent.
class Sha256 {
 public:
  /// Begins with no bytes.
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  /// Takes in more bytes; gives itself back, so that calls can be chained.
  Sha256& update(std::span<const std::byte> bytes);
  Sha256& update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits. The object is spent afterwards.
  std::string hex();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view bytes);

/// The hash of a file's bytes, read through a mapping. `progress` counts bytes. Errors: those of MappedFile; kCancelled.
std::string sha256_file(const std::filesystem::path& path, const Progress& progress = {}, const Cancel* cancel = nullptr);

}  // namespace paa
