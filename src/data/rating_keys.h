#pragma once
// Which (person, photo) pairs have been seen: a hash set without an allocation for each of a million rows.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace paa {

/// Open addressing with linear probing, at most half full. Not thread-safe.
class RatingKeys {
 public:
  /// Whether the pair is new. `person` and `photo` must be below 2^32 - 1.
  bool insert(std::uint32_t person, std::uint32_t photo) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    if (!place((std::uint64_t{person} << 32) | photo)) return false;
    ++size_;
    return true;
  }

 private:
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};

  bool place(std::uint64_t key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 20) & mask;
    while (slots_[at] != kEmpty && slots_[at] != key) at = (at + 1) & mask;
    if (slots_[at] == key) return false;
    slots_[at] = key;
    return true;
  }

  void grow() {
    std::vector<std::uint64_t> old(slots_.empty() ? 1024 : 2 * slots_.size(), kEmpty);
    old.swap(slots_);
    for (const std::uint64_t key : old) {
      if (key != kEmpty) place(key);
    }
  }

  std::vector<std::uint64_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace paa
