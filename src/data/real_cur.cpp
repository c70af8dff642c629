#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "data/profile_fields.h"
#include "data/readers.h"
#include "data/table_builder.h"
#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::array<std::string_view, 5> kPhotoEndings = {".jpg", ".jpeg", ".png", ".bmp", ".gif"};

// What lies in a folder, sorted, so that the table does not depend on the file system; hidden files are no part of it.
std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with('.')) entries.push_back(at->path());
  }
  if (error) {
    throw Error(error == std::errc::no_such_file_or_directory ? ErrorCode::kNotFound : ErrorCode::kIo,
                fmt::format("{}: cannot look into this folder: {}", folder.string(), error.message()));
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool is_photo(const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  return std::find(kPhotoEndings.begin(), kPhotoEndings.end(), ending) != kPhotoEndings.end() && !is_folder(path);
}

float score_of(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  int score = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), score);
  if (error != std::errc() || end != name.data() + name.size() || score < 1 || score > 5 || !is_folder(folder)) {
    throw Error(ErrorCode::kBadFormat,
                fmt::format("{}: must be a folder named after the score of its photos, 1 to 5", folder.string()));
  }
  return static_cast<float>(score);
}

void read_worker(TableBuilder& table, const std::filesystem::path& worker) {
  const std::string name = worker.filename().string();
  const auto person = table.add_person(name).index;
  for (const auto& folder : sorted_entries(worker)) {
    const float score = score_of(folder);
    for (const auto& file : sorted_entries(folder)) {
      if (!is_photo(file)) {
        table.leave_out("not a photo by its name's ending", file.string());
        continue;
      }
      const auto [photo, is_new] = table.add_photo(name + "/" + file.filename().string());
      if (is_new) table.photo(photo).file = file;
      table.rate(file.string(), person, photo, score);
    }
  }
}

}  // namespace

RatingTable read_real_cur(const std::filesystem::path& root) {
  TableBuilder table("real-cur", {1, 5, 1});
  for (const auto& worker : sorted_entries(root / "images")) {
    if (is_folder(worker)) {
      read_worker(table, worker);
    } else {
      table.leave_out("not a worker's folder", worker.string());
    }
  }
  return table.finish();
}

}  // namespace paa
