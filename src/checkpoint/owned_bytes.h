#pragma once
// Bytes and whatever keeps them alive: a mapped file or a buffer.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "paa/core/file.h"

namespace paa {

struct OwnedBytes {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;

  static OwnedBytes map(const std::filesystem::path& path) {
    auto file = std::make_shared<const MappedFile>(path);
    const auto bytes = file->bytes();
    return {std::move(file), bytes};
  }

  static OwnedBytes own(std::vector<std::byte> buffer) {
    auto shared = std::make_shared<const std::vector<std::byte>>(std::move(buffer));
    const std::span<const std::byte> bytes(*shared);
    return {std::move(shared), bytes};
  }
};

}  // namespace paa
