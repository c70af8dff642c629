#include "paa/dlllm/personal_scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "paa/core/error.h"
#include "paa/core/sha256.h"
#include "paa/dlllm/low_level.h"

namespace paa {
namespace {

bool is_low_level(const std::string& group) {
  return std::find(kLowLevelGroups.begin(), kLowLevelGroups.end(), group) != kLowLevelGroups.end();
}

const PopulationGroup* find_group(const Population& population, const std::string& name) {
  const auto found = std::find_if(population.groups.begin(), population.groups.end(),
                                  [&](const auto& group) { return group.name == name; });
  return found == population.groups.end() ? nullptr : &*found;
}

std::vector<std::string> low_level_groups(const Population& population) {
  std::vector<std::string> names;
  for (const auto& group : population.groups) {
    if (is_low_level(group.name)) names.push_back(group.name);
  }
  return names;
}

std::vector<Concept> own_concepts(const Person& person) {
  std::vector<Concept> own;
  for (const auto& subject : person.concepts) {
    if (subject.enabled) own.push_back(subject);
  }
  return own;
}

// What the options leave of it, with room for the person's own concepts.
Population fitted_to(const Population& population, bool rated, const std::vector<Concept>& own) {
  if (rated) return with_own_concepts(population, own);
  return find_group(population, kConceptsGroup) == nullptr ? population
                                                           : with_groups(population, low_level_groups(population));
}

std::string without_concepts(const std::string& id) { return id.substr(0, id.find('-')); }

std::set<std::string> unseen_verdicts(const Person& person, const FeatureIds& ids) {
  std::set<std::string> unseen;
  const auto look = [&](const std::string& photo) {
    if (photo.empty()) return;
    const auto known = person.photos.find(photo);
    const auto has = [&](const std::string& id) { return id.empty() || known->second.features.contains(id); };
    if (known == person.photos.end() || !has(ids.rows) || !has(ids.profile)) unseen.insert(photo);
  };
  for (const auto& verdict : current_verdicts(person.verdicts)) look(verdict.photo), look(verdict.other);
  return unseen;
}

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

struct PersonalScorer::Impl {
  Population population;
  std::optional<PhotoFeatures> features;
  std::vector<Concept> concepts;  // of the layout, in its order
  std::optional<PersonModel> model;

  void note(Person& person, const FeaturedPhoto& photo) const {
    KnownPhoto& known = person.photos[photo.sha256];
    known.path = place_of_photo(photo.path);
    known.features[features->ids().rows] = photo.row;
    if (!photo.profile_score.empty()) known.features[features->ids().profile] = photo.profile_score;
  }

  // Looks at those of `paths` that are wanted; returns how many were.
  std::size_t look_at(Person& person, std::set<std::string>& wanted, const std::vector<std::filesystem::path>& paths,
                      const PhotoStream& stream) {
    std::size_t found = 0;
    features->compute(paths, stream, [&](const FeaturedPhoto& photo) {
      if (photo.failed() || wanted.erase(photo.sha256) == 0) return;
      note(person, photo);
      ++found;
    });
    return found;
  }
};

PersonalScorer::PersonalScorer(const Pmllm& model, const Population& population, const Person& person,
                               const PersonalScorerOptions& options)
    : impl_(std::make_unique<Impl>()) {
  const bool rated = options.rater != nullptr && find_group(population, kConceptsGroup) != nullptr;
  PhotoFeaturesOptions wanted;
  wanted.groups = low_level_groups(population);
  wanted.profile = person.profile;
  wanted.cache = options.cache;
  if (rated) {
    wanted.rater = options.rater;
    wanted.concepts = population.concepts;
    wanted.own_concepts = own_concepts(person);
    for (const auto& subject : wanted.own_concepts) wanted.measures.push_back(measure_of(subject, population));
  }
  impl_->features.emplace(model, wanted);
  const std::string expected = rated ? population.features : without_concepts(population.features);
  if (impl_->features->population_id() != expected) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("the population was fitted to the features {}, and the model {} has {}; fit it anew with "
                            "`paa train population`",
                            expected, model.info().name, impl_->features->population_id()));
  }
  impl_->population = fitted_to(population, rated, wanted.own_concepts);
  impl_->concepts = wanted.concepts;
  impl_->concepts.insert(impl_->concepts.end(), wanted.own_concepts.begin(), wanted.own_concepts.end());
  learn(Person());
}

PersonalScorer::PersonalScorer(PersonalScorer&&) noexcept = default;
PersonalScorer& PersonalScorer::operator=(PersonalScorer&&) noexcept = default;
PersonalScorer::~PersonalScorer() = default;

PhotoFeatures& PersonalScorer::features() noexcept { return *impl_->features; }
const PersonModel& PersonalScorer::model() const noexcept { return *impl_->model; }

bool PersonalScorer::look_at_verdicts(Person& person, std::span<const std::filesystem::path> elsewhere,
                                      const PhotoStream& stream) {
  auto wanted = unseen_verdicts(person, impl_->features->ids());
  std::vector<std::filesystem::path> last_seen;
  for (const auto& sha256 : wanted) {
    const auto known = person.photos.find(sha256);
    if (known != person.photos.end() && is_file(known->second.path)) last_seen.push_back(known->second.path);
  }
  std::size_t found = impl_->look_at(person, wanted, last_seen, stream);
  if (wanted.empty()) return found > 0;
  std::vector<std::filesystem::path> moved;
  for (const auto& path : elsewhere) {
    if (is_file(path) && wanted.contains(sha256_file(path, {}, stream.cancel))) moved.push_back(path);
  }
  found += impl_->look_at(person, wanted, moved, stream);
  return found > 0;
}

const PersonModel& PersonalScorer::learn(const Person& person) {
  PersonModel learned(person, impl_->population, impl_->features->ids());  // if this throws, the old one stays
  return impl_->model.emplace(std::move(learned));
}

PersonalScore PersonalScorer::score(FeaturedPhoto photo) const {
  PersonalScore result{std::move(photo), {}, {}};
  if (result.photo.failed()) return result;
  const FeatureRows row{impl_->features->layout().columns(),
                        personal_row(result.photo.row, result.photo.profile_score)};
  result.prediction = impl_->model->predict(row).front();
  result.reasons = reasons_of(impl_->model->explain(row.values), impl_->features->layout(), impl_->concepts);
  return result;
}

void PersonalScorer::score(std::span<const std::filesystem::path> photos, const PhotoStream& stream,
                           const std::function<void(PersonalScore)>& sink) {
  impl_->features->compute(photos, stream, [&](FeaturedPhoto photo) { sink(score(std::move(photo))); });
}

}  // namespace paa
