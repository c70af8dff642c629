#include "paa/taste/taste.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::size_t kMostDrawn = 3;

std::vector<std::size_t> drawable(const TasteVocabulary& vocabulary, const TraitTable& table, TraitUse use,
                                  bool classes) {
  std::vector<std::size_t> traits;
  for (std::size_t i = 0; i < vocabulary.traits.size(); ++i) {
    const TasteTrait& trait = vocabulary.traits[i];
    if ((trait.kind == TraitKind::kClass) == classes && is_of_use(trait, use) && table.present(i)) traits.push_back(i);
  }
  return traits;
}

std::vector<std::size_t> in_random_order(const std::vector<std::size_t>& values, Random& random) {
  std::vector<std::size_t> mixed;
  for (const std::size_t i : random.permutation(values.size())) mixed.push_back(values[i]);
  return mixed;
}

}  // namespace

Taste draw_taste(const TasteVocabulary& vocabulary, const TraitTable& table, TraitUse use, Random& random) {
  if (table.trait_count() != vocabulary.traits.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the table has {} traits and the vocabulary {}; build the table "
                            "from this vocabulary",
                            table.trait_count(), vocabulary.traits.size()));
  }
  auto traits = drawable(vocabulary, table, use, false), classes = drawable(vocabulary, table, use, true);
  if (traits.empty() && classes.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "these photos have no trait to draw a taste from; give their categories or class probabilities");
  }
  Taste taste;
  std::set<std::string> families;
  const std::size_t wanted = 1 + random.below(kMostDrawn);
  traits = in_random_order(traits, random);
  if (!classes.empty()) classes = in_random_order(classes, random);
  while (taste.items.size() < wanted && !(traits.empty() && classes.empty())) {
    // There are many more classes than other traits: each kind is said as often.
    const bool both = !traits.empty() && !classes.empty();
    auto& from = both ? (random.below(2) == 0 ? traits : classes) : traits.empty() ? classes : traits;
    const std::size_t trait = from.back();
    from.pop_back();
    if (!families.insert(vocabulary.traits[trait].family).second) continue;
    const double size = random.below(2) == 0 ? 0.5 : 1.0;
    taste.items.push_back({trait, random.below(2) == 0 ? -size : size});
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
