#include "paa/taste/read_taste.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "paa/core/error.h"

namespace paa {
namespace {

void check(std::span<const TasteEvidence> ratings, std::size_t traits, const TasteReading& reading) {
  if (!(reading.shrinkage >= 0) || !(reading.threshold >= 0) || !(reading.full_weight > 0) ||
      reading.max_items > kMaxTasteItems) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("reading tastes needs shrinkage and threshold of at least 0, a full weight above 0 and at most "
                            "{} items; these are {}, {}, {} and {}",
                            kMaxTasteItems, reading.shrinkage, reading.threshold, reading.full_weight, reading.max_items));
  }
  for (std::size_t i = 0; i < ratings.size(); ++i) {
    if (ratings[i].traits.size() != traits) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("rating {} has values of {} traits, the vocabulary has {}; build the table from this "
                              "vocabulary",
                              i, ratings[i].traits.size(), traits));
    }
    const bool finite = std::isfinite(ratings[i].residual) &&
                        std::all_of(ratings[i].traits.begin(), ratings[i].traits.end(),
                                    [](float value) { return std::isfinite(value); });
    if (!finite) throw Error(ErrorCode::kInvalidArgument, fmt::format("rating {} holds a number that is not finite", i));
  }
}

void centre(std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  for (double& value : values) value -= sum / static_cast<double>(values.size());
}

/// Values of each trait over the person's photos, centred: traits x ratings.
std::vector<std::vector<double>> columns_of(std::span<const TasteEvidence> ratings, std::size_t traits) {
  std::vector<std::vector<double>> columns(traits);
  for (std::size_t t = 0; t < traits; ++t) {
    for (const TasteEvidence& rating : ratings) columns[t].push_back(static_cast<double>(rating.traits[t]));
    centre(columns[t]);
  }
  return columns;
}

// Below it a column is the rounding of its mean.
constexpr double kNoVariance = 1e-12;

double effect(const std::vector<double>& values, const std::vector<double>& residuals, double shrinkage) {
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    products += values[i] * residuals[i];
    squares += values[i] * values[i];
  }
  return squares > kNoVariance ? products / (squares + shrinkage) : 0;
}

}  // namespace

Taste read_taste(std::span<const TasteEvidence> ratings, const TasteVocabulary& vocabulary, const TasteReading& reading) {
  const std::size_t traits = vocabulary.traits.size();
  check(ratings, traits, reading);
  Taste taste;
  if (ratings.size() < 2) return taste;
  const auto columns = columns_of(ratings, traits);
  std::vector<double> residuals;
  for (const TasteEvidence& rating : ratings) residuals.push_back(rating.residual);
  centre(residuals);
  std::set<std::string> families;
  while (taste.items.size() < reading.max_items) {
    std::size_t best = traits;
    double strongest = 0;
    for (std::size_t t = 0; t < traits; ++t) {
      if (families.contains(vocabulary.traits[t].family)) continue;
      const double found = effect(columns[t], residuals, reading.shrinkage);
      if (std::abs(found) > std::abs(strongest)) {
        best = t;
        strongest = found;
      }
    }
    if (best == traits || std::abs(strongest) < reading.threshold) break;
    taste.items.push_back({best, std::clamp(strongest / reading.full_weight, -1.0, 1.0)});
    families.insert(vocabulary.traits[best].family);
    for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] -= strongest * columns[best][i];
  }
  return taste;
}

}  // namespace paa
