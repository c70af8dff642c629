#include "photo_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "console.h"
#include "paa/core/error.h"
#include "paa/dlllm/feature_cache.h"
#include "paa/dlllm/low_level.h"
#include "paa/dlllm/photo_features.h"
#include "paa/dlllm/standard_concepts.h"
#include "personal_run.h"

namespace paa::cli {
namespace {

std::vector<std::string> low_level(const std::vector<std::string>& groups) {
  std::vector<std::string> names;
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(names),
               [](const auto& name) { return name != kConceptsGroup; });
  return names;
}

std::vector<std::size_t> training_photos(const RatingTable& table) {
  std::vector<std::size_t> photos;
  for (std::size_t i = 0; i < table.photos.size(); ++i) {
    if (table.photos[i].split == Split::kTrain) photos.push_back(i);
  }
  return photos;
}

FeatureRows without_columns(const FeatureRows& rows, std::size_t begin, const std::vector<std::size_t>& dropped) {
  std::vector<std::size_t> kept;
  for (std::size_t column = 0; column < rows.columns; ++column) {
    const bool drop = column >= begin && std::find(dropped.begin(), dropped.end(), column - begin) != dropped.end();
    if (!drop) kept.push_back(column);
  }
  return columns_at(rows, kept);
}

// A concept that does not vary is no feature.
void drop_constant(const Pmllm& model, const RatingTable& table, PhotoFeaturesOptions wanted, PhotoRows& photos) {
  const std::size_t begin = photos.layout.begin(photos.layout.find(kConceptsGroup));
  const auto training = training_photos(table);
  const auto dropped = constant_concepts(photos.rows, training, begin, photos.concepts.size());
  if (dropped.empty()) return;
  photos.rows = without_columns(photos.rows, begin, dropped);
  for (auto at = dropped.rbegin(); at != dropped.rend(); ++at) {
    complain(fmt::format("the concept \"{}\" hardly varies from photo to photo with this rater, so it is left out",
                         photos.concepts[*at].name));
    photos.concepts.erase(photos.concepts.begin() + static_cast<std::ptrdiff_t>(*at));
  }
  wanted.concepts = photos.concepts;
  const PhotoFeatures kept(model, wanted);
  photos.layout = kept.layout();
  photos.population_id = kept.population_id();
}

}  // namespace

PhotoRows only_groups(const PhotoRows& photos, const std::vector<std::string>& groups) {
  PhotoRows part;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < photos.layout.groups.size(); ++i) {
    const FeatureGroup& group = photos.layout.groups[i];
    if (group.name != kScoreGroup && std::find(groups.begin(), groups.end(), group.name) == groups.end()) continue;
    part.layout.groups.push_back(group);
    for (std::size_t j = 0; j < group.features.size(); ++j) columns.push_back(photos.layout.begin(i) + j);
    if (group.name == kConceptsGroup) part.concepts = photos.concepts;
  }
  part.rows = columns_at(photos.rows, columns);
  return part;
}

FeatureRows rows_of_table(PhotoFeatures& features, const RatingTable& table, int jobs, const Cancel* cancel) {
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : table.photos) paths.push_back(photo.file);
  FeatureRows rows{features.layout().columns(), {}};
  features.compute(paths, {jobs, {}, cancel}, [&](const FeaturedPhoto& photo) {
    if (photo.failed()) throw Error(ErrorCode::kNotFound, photo.error);
    rows.append(photo.row);
    show_progress(rows.rows(), paths.size(), "photos looked at");
  });
  wipe_progress();
  return rows;
}

PhotoRows photo_rows(const Pmllm& model, const RatingTable& table, const PhotoRowsOptions& options) {
  PhotoFeaturesOptions wanted;
  wanted.cache = feature_cache_folder();
  wanted.groups = low_level(options.groups);
  const bool rated = wanted.groups.size() < options.groups.size();
  std::optional<ChosenRater> rater;
  if (rated) {
    wanted.rater = &rater.emplace(options.rater, model).get();
    wanted.concepts = standard_concepts();
  }
  PhotoFeatures features(model, wanted);
  PhotoRows result{features.layout(), rows_of_table(features, table, options.jobs, options.cancel),
                   features.population_id(), std::move(wanted.concepts)};
  if (rated) drop_constant(model, table, wanted, result);
  return result;
}

}  // namespace paa::cli
