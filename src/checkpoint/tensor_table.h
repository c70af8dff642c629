#pragma once
// The tensors of one opened file: their descriptions, sorted by name, and where their bytes lie.

#include <algorithm>
#include <utility>
#include <vector>

#include "paa/checkpoint/weight_source.h"

namespace paa {

struct StoredTensor {
  TensorInfo info;
  std::span<const std::byte> bytes;
};

class TensorTable {
 public:
  TensorTable() = default;
  explicit TensorTable(std::vector<StoredTensor> tensors) {
    std::ranges::sort(tensors, {}, [](const StoredTensor& tensor) -> const std::string& { return tensor.info.name; });
    for (auto& tensor : tensors) {
      infos_.push_back(std::move(tensor.info));
      bytes_.push_back(tensor.bytes);
    }
  }

  const std::vector<TensorInfo>& infos() const noexcept { return infos_; }
  /// `info` must be one of infos().
  std::span<const std::byte> bytes(const TensorInfo& info) const noexcept {
    return bytes_[static_cast<std::size_t>(&info - infos_.data())];
  }

 private:
  std::vector<TensorInfo> infos_;
  std::vector<std::span<const std::byte>> bytes_;
};

}  // namespace paa
