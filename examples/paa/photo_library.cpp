#include "photo_library.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "console.h"
#include "paa/person/evidence.h"

namespace paa::cli {

std::size_t PhotoLibrary::find(const std::string& sha256) const {
  const auto found =
      std::find_if(photos.begin(), photos.end(), [&](const auto& photo) { return photo.sha256 == sha256; });
  return static_cast<std::size_t>(found - photos.begin());
}

PhotoLibrary see_library(PersonalRun& run, const FoundPhotos& found, int jobs, const Cancel* cancel) {
  PhotoLibrary library{{}, {run.scorer().features().layout().columns(), {}}};
  std::set<std::string> seen;
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : found.photos) {
    if (photo.error.empty())
      paths.push_back(photo.path);
    else
      complain(photo.error);
  }
  std::size_t done = 0;
  run.scorer().features().compute(paths, {jobs, {}, cancel}, [&](FeaturedPhoto photo) {
    show_progress(++done, paths.size());
    if (photo.failed()) return complain(photo.error);
    if (!seen.insert(photo.sha256).second) return;
    library.rows.append(personal_row(photo.row, photo.profile_score));
    library.photos.push_back(std::move(photo));
  });
  wipe_progress();
  return library;
}

std::string pair_key(const std::string& a, const std::string& b) { return std::min(a, b) + "+" + std::max(a, b); }

ElicitationOptions not_again(const Person& person, const std::vector<std::string>& asked, const PhotoLibrary& library) {
  ElicitationOptions options;
  options.asked.assign(library.photos.size(), false);
  const auto note = [&](const std::string& a, const std::string& b) {
    const std::size_t photo = library.find(a), other = b.empty() ? photo : library.find(b);
    if (photo == library.photos.size() || other == library.photos.size()) return;
    if (b.empty())
      options.asked[photo] = true;
    else
      options.asked_pairs.push_back({true, photo, other, 0});
  };
  for (const auto& verdict : current_verdicts(person.verdicts)) {
    if (verdict.kind == VerdictKind::kStars || verdict.kind == VerdictKind::kPreference)
      note(verdict.photo, verdict.other);
  }
  for (const auto& question : asked) {
    const auto plus = question.find('+');
    note(question.substr(0, plus), plus == std::string::npos ? "" : question.substr(plus + 1));
  }
  return options;
}

}  // namespace paa::cli
