#include "photo_rows.h"

#include <filesystem>
#include <utility>

#include "console.h"
#include "paa/core/error.h"
#include "paa/dlllm/photo_features.h"
#include "personal_run.h"

namespace paa::cli {

PhotoRows photo_rows(const Pmllm& model, const RatingTable& table, const std::vector<std::string>& groups, int jobs,
                     const Cancel* cancel) {
  PhotoFeaturesOptions wanted;
  wanted.cache = feature_cache_folder();
  wanted.groups = groups;
  PhotoFeatures features(model, wanted);
  PhotoRows result{features.layout(), {features.layout().columns(), {}}, features.population_id()};
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : table.photos) paths.push_back(photo.file);
  std::size_t done = 0;
  features.compute(paths, {jobs, {}, cancel}, [&](const FeaturedPhoto& photo) {
    if (photo.failed()) throw Error(ErrorCode::kNotFound, photo.error);
    result.rows.values.insert(result.rows.values.end(), photo.row.begin(), photo.row.end());
    show_progress(++done, paths.size(), "photos looked at");
  });
  wipe_progress();
  return result;
}

}  // namespace paa::cli
