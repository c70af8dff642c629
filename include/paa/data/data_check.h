#pragma once
// What is in a set of ratings, how noisy it is, and whether it can be used.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "paa/core/json.h"
#include "paa/core/progress.h"
#include "paa/data/rating_table.h"

namespace paa {

/// Of counts: the median of an even number of them lies between the middle two.
struct CountSpread {
  std::size_t min = 0, max = 0;
  double median = 0;
};

/// What a split holds. Ratings: those by its people of its photos.
struct SplitCounts {
  std::size_t people = 0, photos = 0, ratings = 0;
};

/// A plain value.
struct DataCheck {
  std::string name;
  RatingScale scale;
  std::size_t people = 0, photos = 0, ratings = 0;
  std::size_t people_with_profile = 0;
  std::size_t photos_with_category = 0, photos_with_theme = 0;
  std::array<SplitCounts, 4> splits;  ///< by the number of Split
  CountSpread per_person, per_photo;  ///< ratings; people and photos without any count as 0
  std::optional<double> mean;         ///< of all ratings
  std::optional<double> icc;          ///< see icc1
  std::size_t retests = 0, retest_people = 0;
  std::optional<double> retest_mae;  ///< mean |first - second| over all retests
  std::size_t duplicates = 0;        ///< rows left out as kDuplicateRating; they stand in left_out, too
  std::vector<LeftOut> left_out;
  std::size_t missing_photos = 0;  ///< photos whose file is not there
  std::string missing_example;     ///< the first such file
  std::vector<std::string> problems;  ///< why the set cannot be used: no ratings, or not one photo file. Empty: it can
};

/// Counts, and looks for each photo's file (it is not opened). Errors: kCancelled. Thread-safe.
DataCheck check_data(const RatingTable& table, const Cancel* cancel = nullptr);

/// All of it, with the field names above; what is undefined is null, "splits" holds those that have something, by name.
Json data_check_to_json(const DataCheck& check);

}  // namespace paa
