#include "paa/dlllm/person_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "paa/core/error.h"

namespace paa {
namespace {

const std::vector<float>* features_of(const Person& person, const std::string& photo, const std::string& id) {
  const auto known = person.photos.find(photo);
  if (known == person.photos.end()) return nullptr;
  const auto features = known->second.features.find(id);
  return features == known->second.features.end() ? nullptr : &features->second;
}

// Rows of the photos that verdicts are about, each once.
class SeenPhotos {
 public:
  SeenPhotos(const Person& person, const FeatureIds& ids, std::size_t columns) : person_(person), ids_(ids) {
    rows_.columns = columns;
  }

  /// The photo's row, or nothing if it was never seen.
  std::optional<std::size_t> find(const std::string& photo) {
    if (const auto there = places_.find(photo); there != places_.end()) return there->second;
    return places_[photo] = append(photo);
  }

  const FeatureRows& rows() const { return rows_; }

 private:
  std::optional<std::size_t> append(const std::string& photo) {
    const auto* row = features_of(person_, photo, ids_.rows);
    const auto* score = ids_.profile.empty() ? nullptr : features_of(person_, photo, ids_.profile);
    if (row == nullptr || (score == nullptr && !ids_.profile.empty())) return std::nullopt;
    if (row->size() != rows_.columns) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("the person file has {} features of the photo {}, and the model's are {}", row->size(),
                              photo, rows_.columns));
    }
    rows_.append(personal_row(*row, score == nullptr ? std::vector<float>() : *score));
    return rows_.rows() - 1;
  }

  const Person& person_;
  const FeatureIds& ids_;
  FeatureRows rows_;
  std::map<std::string, std::optional<std::size_t>> places_;
};

}  // namespace

std::vector<float> personal_row(std::vector<float> row, const std::vector<float>& profile_score) {
  if (!row.empty() && !profile_score.empty()) row.front() = profile_score.front();
  return row;
}

PersonModel::PersonModel(const Person& person, const Population& population, const FeatureIds& ids)
    : fusion_(population),
      low_(person.scale_low),
      high_(person.scale_high),
      points_((high_ - low_) / (population.scale_high - population.scale_low)) {
  SeenPhotos seen(person, ids, population_columns(population));
  std::vector<Observation> observations;
  for (const auto& verdict : current_verdicts(person.verdicts)) {
    const auto photo = seen.find(verdict.photo);
    const auto other = verdict.other.empty() ? photo : seen.find(verdict.other);
    if (!photo) unseen_.push_back(verdict.photo);
    if (!other && !verdict.other.empty()) unseen_.push_back(verdict.other);
    if (!photo || !other) continue;
    observations.push_back({verdict.kind, *photo, *other, population.scale_low + (verdict.stars - low_) / points_});
  }
  std::sort(unseen_.begin(), unseen_.end());
  unseen_.erase(std::unique(unseen_.begin(), unseen_.end()), unseen_.end());
  fusion_.fit(seen.rows(), observations);
}

double PersonModel::to_person(double rating) const {
  return low_ + (rating - fusion_.population().scale_low) * points_;
}

std::vector<Prediction> PersonModel::predict(const FeatureRows& photos) const {
  auto predictions = fusion_.predict(photos);
  for (auto& prediction : predictions) {
    prediction.score.mean = to_person(prediction.score.mean);
    prediction.score.spread *= points_;
    prediction.deviation *= points_;
  }
  return predictions;
}

Explanation PersonModel::explain(std::span<const float> row) const {
  Explanation explanation = fusion_.explain(row);
  explanation.mean = to_person(explanation.mean);
  explanation.usual = to_person(explanation.usual);
  for (auto& part : explanation.parts) part.points *= points_;
  return explanation;
}

}  // namespace paa
