#pragma once
// How far free text about a person moves scores, and whether in the direction it says.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "paa/core/json.h"
#include "paa/data/rating_table.h"
#include "paa/eval/bootstrap.h"
#include "paa/eval/report.h"
#include "paa/taste/taste.h"
#include "paa/taste/trait_table.h"

namespace paa::eval {

/// How many texts are tried, and how intervals are drawn.
struct SteeringOptions {
  std::uint64_t seed = 0;  ///< of tastes, wordings and bootstraps
  int texts = 40;          ///< of each kind, at least 1
  int resamples = 4000;
};

/// One text. The shift of a photo is its score with the text as the whole profile, less its score without a profile;
/// the intended one is taste_shift, laid on the table's scale. Over the test photos.
struct SteeredText {
  std::string text;
  double plcc = 0, srocc = 0;  ///< of shift and intended shift; NaN where the shift is the same for all photos
  double slope = 0;            ///< least squares: points of shift for a point that was intended; 1 as stated, 0 unmoved
  double distance = 0;         ///< mean absolute shift, points of the table's scale
};

/// Texts of one kind; means with intervals over the texts (Interval::people counts texts).
struct SteeringRow {
  std::string name;  ///< "trained traits, held-out wordings"
  TraitUse traits = TraitUse::kTraining;
  WordingUse wordings = WordingUse::kTraining;
  std::vector<SteeredText> texts;
  Interval plcc, srocc, slope, distance;
  double right = 0;  ///< share of the texts with a slope above 0
};

/// A category of photos that is liked or disliked and nothing else.
struct CategorySteering {
  std::string trait;                          ///< key in the standard vocabulary
  std::size_t photos = 0;                     ///< test photos of the category
  std::vector<std::string> likes, dislikes;   ///< the texts: kCategoryTexts each, in held-out wordings
  /// Mean score of its photos less the mean score of all others, means over the texts.
  double without = 0, liked = 0, disliked = 0;
};
inline constexpr int kCategoryTexts = 3;

/// A finished measurement. A plain value.
struct SteeringReport {
  std::string set;
  RatingScale scale;
  SteeringOptions options;
  std::size_t photos = 0;  ///< test photos
  std::vector<SteeringRow> rows;
  std::vector<CategorySteering> categories;
};

/// Draws texts of four kinds (traits and wordings of the standard vocabulary, each those to train with and those held
/// out) and one for each coarse category (animals, people, objects, scenes) that some test photos have and others
/// lack, and has `scorer` score every test photo for each, all in one call. No rating is looked at. A taste that
/// intends the same for all test photos is drawn again.
/// `traits`: a row for each photo of the table, those of test photos known (photo_traits). Errors: kInvalidArgument
/// (fewer than two test photos, another number of rows, an option out of range, no trait of a use that tells test
/// photos apart); those of draw_taste and `scorer`. The seed alone decides the texts.
SteeringReport evaluate_steering(const RatingTable& table, const TraitTable& traits, const ProfileScorer& scorer,
                                 const SteeringOptions& options = {});

/// All of it, every text with its figures; what is undefined is null.
Json steering_to_json(const SteeringReport& report);

}  // namespace paa::eval
