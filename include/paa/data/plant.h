#pragma once
// A taste that is planted into real ratings, to see whether a model can find one where there is one.

#include <string>
#include <string_view>
#include <vector>

#include "paa/data/rating_table.h"

namespace paa {

/// People whose `attribute` is `value` rate photos of `categories` by `points` higher and all others by `points` lower;
/// the other people do the reverse.
struct Plant {
  std::string attribute;  ///< "gender" or "education"
  std::string value;
  std::vector<std::string> categories;
  double points = 1;
};

/// "gender=female:Animal,Person:1". Error: kInvalidArgument, with the form.
Plant parse_plant(std::string_view text);

/// Changes every rating by sign(person) * sign(photo) * points, kept on the scale. Signs are -1, 0 or 1, one a person
/// and one a photo. Error: kInvalidArgument for other numbers of signs.
void plant(RatingTable& table, const std::vector<int>& people, const std::vector<int>& photos, double points);

/// Same, as a Plant describes it. Error: kInvalidArgument if no person or no photo is as described.
void plant(RatingTable& table, const Plant& plant);

}  // namespace paa
