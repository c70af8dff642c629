#include "paa/taste/taste.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::size_t kMostDrawn = 3;

std::vector<std::size_t> drawable(const TasteVocabulary& vocabulary, const TraitTable& table, TraitUse use) {
  std::vector<std::size_t> traits;
  for (std::size_t i = 0; i < vocabulary.traits.size(); ++i) {
    const bool wanted = use == TraitUse::kAny || vocabulary.traits[i].held_out == (use == TraitUse::kHeldOut);
    if (wanted && table.present(i)) traits.push_back(i);
  }
  return traits;
}

}  // namespace

Taste draw_taste(const TasteVocabulary& vocabulary, const TraitTable& table, TraitUse use, Random& random) {
  if (table.trait_count() != vocabulary.traits.size()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the table has {} traits and the vocabulary {}; build the table "
                                                         "from this vocabulary",
                                                         table.trait_count(), vocabulary.traits.size()));
  }
  const auto traits = drawable(vocabulary, table, use);
  if (traits.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "these photos have no trait to draw a taste from; give their categories or class probabilities");
  }
  Taste taste;
  std::set<std::string> families;
  const std::size_t wanted = 1 + random.below(kMostDrawn);
  for (const std::size_t i : random.permutation(traits.size())) {
    if (taste.items.size() == wanted) break;
    if (!families.insert(vocabulary.traits[traits[i]].family).second) continue;
    const double size = random.below(2) == 0 ? 0.5 : 1.0;
    taste.items.push_back({traits[i], random.below(2) == 0 ? -size : size});
  }
  return taste;
}

double taste_shift(const Taste& taste, std::span<const float> traits, const TasteShift& shift) {
  double sum = 0;
  for (const TasteItem& item : taste.items) {
    if (item.trait >= traits.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("a taste is about trait {}, but the photo has values of {}", item.trait, traits.size()));
    }
    sum += item.weight * static_cast<double>(traits[item.trait]);
  }
  return std::clamp(shift.points_per_deviation * sum, -shift.max_points, shift.max_points);
}

}  // namespace paa
