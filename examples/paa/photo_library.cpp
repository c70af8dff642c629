#include "photo_library.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "console.h"

namespace paa::cli {

std::size_t PhotoLibrary::find(const std::string& sha256) const {
  const auto found =
      std::find_if(photos.begin(), photos.end(), [&](const auto& photo) { return photo.sha256 == sha256; });
  return static_cast<std::size_t>(found - photos.begin());
}

PhotoLibrary see_library(PhotoFeatures& features, const FoundPhotos& found, int jobs, const Cancel* cancel,
                         const Progress& progress) {
  PhotoLibrary library{{}, {features.layout().columns(), {}}};
  std::set<std::string> seen;
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : found.photos) {
    if (photo.error.empty())
      paths.push_back(photo.path);
    else
      complain(photo.error);
  }
  std::size_t done = 0;
  features.compute(paths, {jobs, {}, cancel}, [&](FeaturedPhoto photo) {
    progress(++done, paths.size());
    if (photo.failed()) return complain(photo.error);
    if (!seen.insert(photo.sha256).second) return;
    library.rows.append(personal_row(photo.row, photo.profile_score));
    library.photos.push_back(std::move(photo));
  });
  return library;
}

PhotoLibrary see_library(PersonalRun& run, const FoundPhotos& found, int jobs, const Cancel* cancel) {
  PhotoLibrary library = see_library(run.scorer().features(), found, jobs, cancel,
                                     [](std::size_t done, std::size_t total) { show_progress(done, total); });
  wipe_progress();
  return library;
}

std::vector<std::string> PhotoLibrary::hashes() const {
  std::vector<std::string> hashes;
  for (const auto& photo : photos) hashes.push_back(photo.sha256);
  return hashes;
}

}  // namespace paa::cli
