#include "data/data_file.h"

#include <fmt/format.h>

#include "paa/core/error.h"

namespace paa {

std::optional<std::filesystem::path> find_data_file(const std::filesystem::path& root, DataFolders folders,
                                                    const char* name) {
  for (const char* folder : folders) {
    std::error_code ignored;
    const auto path = root / folder / name;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  return std::nullopt;
}

std::filesystem::path data_file(const std::filesystem::path& root, DataFolders folders, const char* name) {
  if (auto found = find_data_file(root, folders, name)) return *found;
  throw Error(ErrorCode::kNotFound,
              fmt::format("{}: there is no {} in it; give the folder that the set was unpacked to", root.string(), name));
}

std::vector<std::filesystem::path> data_files_or_none(const std::filesystem::path& root, DataFolders folders,
                                                      std::initializer_list<const char*> names) {
  std::vector<std::filesystem::path> found;
  const char* missing = nullptr;
  for (const char* name : names) {
    if (auto path = find_data_file(root, folders, name)) {
      found.push_back(*path);
    } else {
      missing = name;
    }
  }
  if (missing == nullptr || found.empty()) return found;
  throw Error(ErrorCode::kNotFound, fmt::format("{}: {} belongs to {}, which is there; a part of a split is no split",
                                                root.string(), missing, found.front().filename().string()));
}

std::filesystem::path photo_folder(const std::filesystem::path& root, DataFolders folders) {
  for (const char* folder : folders) {
    std::error_code ignored;
    if (std::filesystem::is_directory(root / folder, ignored)) return root / folder;
  }
  return root / *folders.begin();
}

}  // namespace paa
