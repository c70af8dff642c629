#pragma once
// What one person likes and dislikes, as numbers, as text, and as a change of their ratings.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "paa/core/random.h"
#include "paa/taste/trait_table.h"
#include "paa/taste/vocabulary.h"

namespace paa {

/// One thing a person likes or dislikes.
struct TasteItem {
  std::size_t trait = 0;  ///< index into TasteVocabulary::traits
  double weight = 0;      ///< -1..1, not 0: below 0 dislikes a high value; from kStrongTaste on said in strong words

  bool operator==(const TasteItem&) const = default;
};

/// The absolute weight from which on a taste is strong.
inline constexpr double kStrongTaste = 0.75;

/// A text speaks of so many things at most.
inline constexpr std::size_t kMaxTasteItems = 4;

/// A person's tastes, the first said first. Empty: nothing to say. A plain value.
struct Taste {
  std::vector<TasteItem> items;

  bool operator==(const Taste&) const = default;
};

/// Which traits a simulated taste is drawn from: those marked as held out are kept for measuring.
enum class TraitUse { kTraining, kHeldOut, kAny };

/// Whether such a taste may be drawn from the trait.
inline bool is_of_use(const TasteTrait& trait, TraitUse use) {
  return use == TraitUse::kAny || trait.held_out == (use == TraitUse::kHeldOut);
}

/// The same for wordings.
enum class WordingUse { kTraining, kHeldOut, kAny };

/// A simulated taste: 1 to 3 present traits of different families, each with a random sign and a weight of .5 or 1;
/// single classes of with_classes() and other traits as often, where there are both. The same for the same state of `random`. Error: kInvalidArgument if no trait of this use is present in the table, or the
/// table is of another vocabulary.
Taste draw_taste(const TasteVocabulary& vocabulary, const TraitTable& table, TraitUse use, Random& random);

/// The taste in words such as people type after --about: "I love dogs. Dark photos leave me cold." or "loves dogs, not
/// a fan of dark photos". All in one random style; where a trait has opposite phrases, disliking it is said as liking
/// its opposite half of the time. Items of one direction and strength may share a wording ("likes dogs and boats"). Fit
/// to be Profile::about with the standard vocabulary. Empty for an empty taste. The same for the same state of
/// `random`. Errors: kInvalidArgument (more than kMaxTasteItems, an index or weight outside its range, the item named).
std::string taste_text(const Taste& taste, const TasteVocabulary& vocabulary, Random& random,
                       WordingUse use = WordingUse::kTraining);

/// How a planted taste moves ratings.
struct TasteShift {
  double points_per_deviation = 0.75;  ///< for weight 1 and a trait value of 1 (one deviation above the mean photo)
  double max_points = 2;               ///< no photo is moved by more
};

/// By how many points of a 1-7 scale the taste moves a rating of the photo with these trait values (a row of
/// TraitTable): points_per_deviation times the sum of weight * value, cut to -max_points .. max_points. Multiply it for
/// another scale. The caller adds it to a rating and keeps that on its scale. Error: kInvalidArgument (an item beyond
/// the row).
double taste_shift(const Taste& taste, std::span<const float> traits, const TasteShift& shift = {});

}  // namespace paa
