#include "photo_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace paa::cli {
namespace {

namespace fs = std::filesystem;

// The endings of what paa/image/decode.h reads.
constexpr std::array<std::string_view, 12> kPhotoExtensions = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp",
                                                               ".gif", ".psd",  ".tga", ".ppm",  ".pgm", ".pnm"};

std::string lower_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return extension;
}

bool is_photo_name(std::string_view extension) {
  return std::find(kPhotoExtensions.begin(), kPhotoExtensions.end(), extension) != kPhotoExtensions.end();
}

std::vector<fs::directory_entry> sorted_entries(const fs::path& folder, std::error_code& failure) {
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    entries.push_back(*it);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

void walk(const fs::path& folder, FoundPhotos& found);

void take(const fs::directory_entry& entry, FoundPhotos& found) {
  std::error_code ignored;
  const std::string extension = lower_extension(entry.path());
  const bool is_folder = entry.is_directory(ignored);
  if (entry.path().filename().native().starts_with('.')) {
    ++found.skipped.hidden;
  } else if (is_folder && entry.is_symlink(ignored)) {
    ++found.skipped.linked_folders;
  } else if (is_folder) {
    walk(entry.path(), found);
  } else if (is_photo_name(extension) && !entry.is_other(ignored)) {
    found.photos.push_back({entry.path(), {}});
  } else {
    ++found.skipped.other_files[extension];
  }
}

void walk(const fs::path& folder, FoundPhotos& found) {
  std::error_code failure;
  const auto entries = sorted_entries(folder, failure);
  if (failure) {
    found.photos.push_back({folder, fmt::format("{}: cannot read the folder: {}", folder.string(), failure.message())});
  }
  for (const auto& entry : entries) take(entry, found);
}

}  // namespace

FoundPhotos find_photos(std::span<const fs::path> arguments) {
  FoundPhotos found;
  for (const auto& path : arguments) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      walk(path, found);
    } else {
      found.photos.push_back({path, {}});
    }
  }
  return found;
}

std::string SkippedFiles::text() const {
  std::vector<std::pair<std::size_t, std::string>> counts;
  std::size_t others = 0;
  for (const auto& [extension, count] : other_files) {
    counts.emplace_back(count, extension);
    others += count;
  }
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr std::size_t kNamed = 4;
  std::string named;
  for (std::size_t i = 0; i < std::min(kNamed, counts.size()); ++i) {
    const auto& [count, extension] = counts[i];
    named += fmt::format("{}{} {}", i == 0 ? "" : ", ", extension.empty() ? "no extension" : extension, count);
  }
  if (counts.size() > kNamed) named += ", ...";

  std::vector<std::string> parts;
  if (others > 0) parts.push_back(fmt::format("{} other file{} ({})", others, others == 1 ? "" : "s", named));
  if (hidden > 0) parts.push_back(fmt::format("{} hidden", hidden));
  const std::size_t links = linked_folders;
  if (links > 0) parts.push_back(fmt::format("{} linked folder{}", links, links == 1 ? "" : "s"));
  return parts.empty() ? std::string() : fmt::format("skipped {}", fmt::join(parts, ", "));
}

}  // namespace paa::cli
