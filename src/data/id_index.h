#pragma once
// Names to consecutive numbers, looked up without making a string.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace paa {

/// Numbers names 0, 1, 2 ... in the order in which they are first seen. Not thread-safe.
class IdIndex {
 public:
  struct Entry {
    std::uint32_t index;
    bool is_new;
  };

  Entry add(std::string_view name) {
    if (const auto known = find(name)) return {*known, false};
    const auto index = static_cast<std::uint32_t>(indices_.size());
    indices_.emplace(name, index);
    return {index, true};
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    const auto found = indices_.find(name);
    if (found == indices_.end()) return std::nullopt;
    return found->second;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>()(name); }
  };

  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> indices_;
};

}  // namespace paa
