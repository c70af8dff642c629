#include "paa/taste/read_taste.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "paa/core/error.h"

namespace paa {
namespace {

void check(const TasteReading& reading, std::size_t traits) {
  if (!(reading.threshold >= 0) || !(reading.full_weight > 0) || reading.max_items > kMaxTasteItems) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("reading tastes needs a threshold of at least 0, a full weight above 0 and at most {} items; "
                    "these are {}, {} and {}",
                    kMaxTasteItems, reading.threshold, reading.full_weight, reading.max_items));
  }
  const bool fits = reading.shrinkage.empty() || reading.shrinkage.size() == traits;
  if (!fits || !std::all_of(reading.shrinkage.begin(), reading.shrinkage.end(), [](double s) { return s >= 0; })) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("reading tastes needs {} numbers of at least 0 as shrinkage, one a trait, or none", traits));
  }
}

void check(std::span<const TasteEvidence> ratings, std::size_t traits) {
  for (std::size_t i = 0; i < ratings.size(); ++i) {
    if (ratings[i].traits.size() != traits) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("rating {} has values of {} traits, the vocabulary has {}; build the table from this "
                              "vocabulary",
                              i, ratings[i].traits.size(), traits));
    }
    const bool finite =
        std::isfinite(ratings[i].residual) && std::all_of(ratings[i].traits.begin(), ratings[i].traits.end(),
                                                          [](float value) { return std::isfinite(value); });
    if (!finite)
      throw Error(ErrorCode::kInvalidArgument, fmt::format("rating {} holds a number that is not finite", i));
  }
}

void centre(std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  for (double& value : values) value -= sum / static_cast<double>(values.size());
}

/// A person's ratings as columns, all centred.
struct Columns {
  std::vector<std::vector<double>> traits;  // traits x ratings
  std::vector<double> residuals;
};

Columns columns_of(std::span<const TasteEvidence> ratings, std::size_t traits) {
  Columns columns;
  columns.traits.resize(traits);
  for (const TasteEvidence& rating : ratings) {
    columns.residuals.push_back(rating.residual);
    for (std::size_t t = 0; t < traits; ++t) columns.traits[t].push_back(static_cast<double>(rating.traits[t]));
  }
  centre(columns.residuals);
  for (auto& column : columns.traits) centre(column);
  return columns;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Below it a column is the rounding of its mean.
constexpr double kNoVariance = 1e-12;

double effect(const std::vector<double>& values, const std::vector<double>& residuals, double shrinkage) {
  const double squares = dot(values, values);
  return squares > kNoVariance ? dot(values, residuals) / (squares + shrinkage) : 0;
}

struct Strongest {
  std::size_t trait = 0;
  double effect = 0;
};

Strongest strongest_of(const Columns& columns, const TasteVocabulary& vocabulary, const TasteReading& reading,
                       const std::set<std::string>& said) {
  Strongest best;
  for (std::size_t t = 0; t < columns.traits.size(); ++t) {
    const TasteTrait& trait = vocabulary.traits[t];
    if (!is_of_use(trait, reading.traits) || said.contains(trait.family)) continue;
    const double shrinkage = reading.shrinkage.empty() ? kDefaultShrinkage : reading.shrinkage[t];
    const double found = effect(columns.traits[t], columns.residuals, shrinkage);
    if (std::abs(found) > std::abs(best.effect)) best = {t, found};
  }
  return best;
}

}  // namespace

std::vector<double> fit_shrinkage(std::span<const std::vector<TasteEvidence>> people,
                                  const TasteVocabulary& vocabulary) {
  const std::size_t traits = vocabulary.traits.size();
  std::vector<double> excess(traits), weight(traits);
  double variances = 0, counted = 0;
  for (const auto& ratings : people) {
    check(ratings, traits);
    if (ratings.size() < 3) continue;
    const Columns columns = columns_of(ratings, traits);
    const double variance = dot(columns.residuals, columns.residuals) / static_cast<double>(ratings.size() - 1);
    variances += variance;
    counted += 1;
    for (std::size_t t = 0; t < traits; ++t) {
      const double products = dot(columns.traits[t], columns.residuals),
                   squares = dot(columns.traits[t], columns.traits[t]);
      excess[t] += products * products - variance * squares;
      weight[t] += squares * squares;
    }
  }
  if (counted == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                "shrinkage is estimated from people with at least 3 ratings; there are none");
  }
  std::vector<double> shrinkage(traits, std::numeric_limits<double>::infinity());
  for (std::size_t t = 0; t < traits; ++t) {
    if (excess[t] > 0) shrinkage[t] = variances / counted * weight[t] / excess[t];
  }
  return shrinkage;
}

Taste read_taste(std::span<const TasteEvidence> ratings, const TasteVocabulary& vocabulary,
                 const TasteReading& reading) {
  check(reading, vocabulary.traits.size());
  check(ratings, vocabulary.traits.size());
  Taste taste;
  if (ratings.size() < 2) return taste;
  Columns columns = columns_of(ratings, vocabulary.traits.size());
  std::set<std::string> said;
  while (taste.items.size() < reading.max_items) {
    const Strongest best = strongest_of(columns, vocabulary, reading, said);
    if (best.effect == 0 || std::abs(best.effect) < reading.threshold) break;
    taste.items.push_back({best.trait, std::clamp(best.effect / reading.full_weight, -1.0, 1.0)});
    said.insert(vocabulary.traits[best.trait].family);
    const auto& column = columns.traits[best.trait];
    for (std::size_t i = 0; i < column.size(); ++i) columns.residuals[i] -= best.effect * column[i];
  }
  return taste;
}

}  // namespace paa
