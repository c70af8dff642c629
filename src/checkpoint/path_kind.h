#pragma once
// What a path leads to, where "cannot tell" means "nothing usable": opening it then says why.

#include <filesystem>

namespace paa {

inline bool is_present(const std::filesystem::path& path) noexcept {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

inline bool is_folder(const std::filesystem::path& path) noexcept {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

}  // namespace paa
