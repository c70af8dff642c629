#pragma once
// Names to consecutive numbers, looked up without making a string.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paa {

/// Numbers names 0, 1, 2 ... in the order in which they are first seen. Open addressing, at most half full; a slot
/// holds a part of the hash beside the number, so that a look-up touches one slot and one name: a million rows wait for
/// memory more than for anything else. Not thread-safe.
class IdIndex {
 public:
  struct Entry {
    std::uint32_t index;
    bool is_new;
  };

  Entry add(std::string_view name) {
    if (2 * (size() + 1) > slots_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>()(name);
    Slot& slot = slots_[find_slot(name, hash)];
    if (slot.index != kNone) return {slot.index, false};
    slot = {tag_of(hash), static_cast<std::uint32_t>(size())};
    names_.append(name);
    ends_.push_back(names_.size());
    return {slot.index, true};
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t index = slots_[find_slot(name, std::hash<std::string_view>()(name))].index;
    return index == kNone ? std::nullopt : std::optional(index);
  }

  std::size_t size() const { return ends_.size() - 1; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Slot {
    std::uint32_t tag = 0, index = kNone;
  };

  static std::uint32_t tag_of(std::size_t hash) { return static_cast<std::uint32_t>(std::uint64_t{hash} >> 32); }

  std::string_view name(std::size_t index) const {
    return std::string_view(names_).substr(ends_[index], ends_[index + 1] - ends_[index]);
  }

  // The slot of the name, or the empty one where it belongs.
  std::size_t find_slot(std::string_view wanted, std::size_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.index == kNone || (slot.tag == tag_of(hash) && name(slot.index) == wanted)) return at;
    }
  }

  void grow() {
    slots_.assign(slots_.empty() ? 1024 : 2 * slots_.size(), Slot());
    for (std::size_t i = 0; i < size(); ++i) {
      const std::size_t hash = std::hash<std::string_view>()(name(i));
      slots_[find_slot(name(i), hash)] = {tag_of(hash), static_cast<std::uint32_t>(i)};
    }
  }

  std::vector<Slot> slots_;
  std::string names_;                    ///< one after the other
  std::vector<std::size_t> ends_ = {0};  ///< name i is names_[ends_[i]] to names_[ends_[i + 1]]
};

}  // namespace paa
