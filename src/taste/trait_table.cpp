#include "paa/taste/trait_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "paa/core/error.h"
#include "same_letters.h"

namespace paa {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
// Far below what any trait's values differ by, and above the rounding of their sums.
constexpr double kNoDeviation = 1e-9;

double category_value(const TasteTrait& trait, const PhotoFacts& photo) {
  const bool has = std::any_of(trait.names.begin(), trait.names.end(), [&](const std::string& name) {
    return same_letters(name, photo.category) || same_letters(name, photo.theme);
  });
  return has ? 1 : 0;
}

double class_value(const std::vector<std::size_t>& classes, std::span<const float> probabilities) {
  if (probabilities.empty()) return kUnknown;
  double sum = 0;
  for (const std::size_t i : classes) sum += static_cast<double>(probabilities[i]);
  return std::sqrt(std::clamp(sum, 0.0, 1.0));
}

// Against the mean class: the classifier's logit, without what all classes share.
double log_odds(std::size_t index, std::span<const float> probabilities) {
  if (index >= probabilities.size()) return kUnknown;
  const auto logit = [](float p) { return std::log(std::max(static_cast<double>(p), 1e-30)); };
  double sum = 0;
  for (const float p : probabilities) sum += logit(p);
  return logit(probabilities[index]) - sum / static_cast<double>(probabilities.size());
}

std::vector<double> raw_values(const TasteTrait& trait, const std::vector<std::string>& class_names,
                               std::span<const PhotoFacts> photos) {
  std::vector<double> values;
  values.reserve(photos.size());
  const bool grouped = trait.kind == TraitKind::kClassGroup && !class_names.empty();
  const auto classes = grouped ? classes_of(trait, class_names) : std::vector<std::size_t>();
  for (const PhotoFacts& photo : photos) {
    switch (trait.kind) {
      case TraitKind::kCategory: values.push_back(category_value(trait, photo)); break;
      case TraitKind::kClassGroup: values.push_back(class_value(classes, photo.class_probabilities)); break;
      case TraitKind::kStatistic: values.push_back(trait.sign * photo.statistics[trait.statistic]); break;
      case TraitKind::kClass: values.push_back(log_odds(trait.class_index, photo.class_probabilities)); break;
    }
  }
  return values;
}

struct Spread {
  double mean = 0, deviation = 0;
};

// Over the reference photos whose value is known.
Spread spread_of(const std::vector<double>& values, std::span<const std::size_t> reference) {
  double count = 0, sum = 0, squares = 0;
  for (const std::size_t photo : reference) {
    if (std::isnan(values[photo])) continue;
    count += 1;
    sum += values[photo];
  }
  if (count == 0) return {};
  const double mean = sum / count;
  for (const std::size_t photo : reference) {
    if (!std::isnan(values[photo])) squares += (values[photo] - mean) * (values[photo] - mean);
  }
  return {mean, std::sqrt(squares / count)};
}

const char* absence(TraitKind kind) {
  switch (kind) {
    case TraitKind::kCategory: return "all or none of the reference photos have a category or theme of its names";
    case TraitKind::kClass:
    case TraitKind::kClassGroup: return "the reference photos have no class probabilities that differ";
    case TraitKind::kStatistic: break;
  }
  return "its statistic is the same on all reference photos";
}

void check(const std::vector<std::string>& class_names, std::span<const PhotoFacts> photos,
           std::span<const std::size_t> reference) {
  if (reference.empty()) throw Error(ErrorCode::kInvalidArgument, "a table of traits needs reference photos");
  for (const std::size_t photo : reference) {
    if (photo >= photos.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("reference photo {} does not exist: there are {} photos", photo, photos.size()));
    }
  }
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const std::size_t size = photos[i].class_probabilities.size();
    if (size != 0 && size != class_names.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("photo {} has {} class probabilities, but there are {} class "
                              "names; take both from one model",
                              i, size, class_names.size()));
    }
  }
}

}  // namespace

TraitTable TraitTable::build(const TasteVocabulary& vocabulary, const std::vector<std::string>& class_names,
                             std::span<const PhotoFacts> photos, std::span<const std::size_t> reference) {
  check(class_names, photos, reference);
  TraitTable table;
  table.traits_ = vocabulary.traits.size();
  table.values_.assign(photos.size() * table.traits_, 0);
  table.present_.assign(table.traits_, false);
  for (std::size_t t = 0; t < table.traits_; ++t) {
    const TasteTrait& trait = vocabulary.traits[t];
    const auto values = raw_values(trait, class_names, photos);
    const Spread spread = spread_of(values, reference);
    if (!(spread.deviation > kNoDeviation)) {
      table.absences_.push_back(fmt::format("{}: {}", trait.key, absence(trait.kind)));
      continue;
    }
    table.present_[t] = true;
    for (std::size_t photo = 0; photo < photos.size(); ++photo) {
      if (std::isnan(values[photo])) continue;
      const auto standard = static_cast<float>((values[photo] - spread.mean) / spread.deviation);
      table.values_[photo * table.traits_ + t] = std::clamp(standard, -kMaxTraitValue, kMaxTraitValue);
    }
  }
  return table;
}

}  // namespace paa
