#pragma once
// The photos that a command line names: files as they are, folders walked.

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace paa::cli {

/// A photo to read, or, where `error` is not empty, a folder that could not be read and why.
struct PhotoPath {
  std::filesystem::path path;
  std::string error;
};

/// What find_photos left out, so that nobody has to wonder where a file went.
struct SkippedFiles {
  std::map<std::string, std::size_t> other_files;  ///< by extension in lower case (".txt"; "" for none)
  std::size_t hidden = 0;                          ///< files and folders whose name begins with a dot
  std::size_t linked_folders = 0;

  /// "skipped 3 other files (.txt 2, .heic 1), 1 hidden"; empty if nothing was skipped.
  std::string text() const;
};

struct FoundPhotos {
  std::vector<PhotoPath> photos;  ///< in the order of the arguments; inside a folder by name, byte by byte
  SkippedFiles skipped;
};

/// A named file is taken whatever its name, also if it does not exist: reading it says what is wrong. A folder is
/// walked recursively; links to folders inside it are not followed, links to files are. Never throws on a file system
/// error.
FoundPhotos find_photos(std::span<const std::filesystem::path> arguments);

}  // namespace paa::cli
