#pragma once
// Where the files of a set lie, in the layouts that people have them in.

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <vector>

namespace paa {

/// Folders under a set's root, looked through in this order; "" is the root.
using DataFolders = std::initializer_list<const char*>;

/// The file of that name in the first folder that has it.
std::optional<std::filesystem::path> find_data_file(const std::filesystem::path& root, DataFolders folders,
                                                    const char* name);

/// Same; error kNotFound, naming root and the file, if none has it.
std::filesystem::path data_file(const std::filesystem::path& root, DataFolders folders, const char* name);

/// Files that belong together: all of them, or none. Error: kNotFound, naming the one that is missing beside others.
std::vector<std::filesystem::path> data_files_or_none(const std::filesystem::path& root, DataFolders folders,
                                                      std::initializer_list<const char*> names);

/// The first of these folders that is there; the first one if none is.
std::filesystem::path photo_folder(const std::filesystem::path& root, DataFolders folders);

}  // namespace paa
