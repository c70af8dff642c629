#pragma once
// A small set of ratings with a known structure.

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "paa/core/random.h"
#include "paa/data/rating_table.h"

/// People 0..11 train, 12 validation, 13..18 test; photos 0..29 train, 30..34 validation, 35..49 test. Everybody rates
/// every photo on 1..7: photo's quality + person's offset + noise; women add 1 to odd photos, men take 1 off.
inline paa::RatingTable planted_table(std::uint64_t seed = 1) {
  paa::RatingTable table;
  table.name = "planted";
  paa::Random random(seed);
  for (int i = 0; i < 19; ++i) {
    paa::RatedPerson person;
    person.id = fmt::format("p{}", i);
    person.profile.gender = i % 2 == 0 ? "female" : "male";
    person.profile.age = 20 + i;
    person.profile.education = "university";
    person.split = i < 12 ? paa::Split::kTrain : i < 13 ? paa::Split::kValidation : paa::Split::kTest;
    table.people.push_back(person);
  }
  std::vector<double> quality;
  for (int i = 0; i < 50; ++i) {
    const auto split = i < 30 ? paa::Split::kTrain : i < 35 ? paa::Split::kValidation : paa::Split::kTest;
    table.photos.push_back({fmt::format("i{}", i), fmt::format("i{}.jpg", i), "", "", split});
    quality.push_back(2 + 4 * random.uniform());
  }
  for (std::uint32_t person = 0; person < table.people.size(); ++person) {
    const double offset = 0.7 * random.normal(), taste = person % 2 == 0 ? 1 : -1;
    for (std::uint32_t photo = 0; photo < table.photos.size(); ++photo) {
      const double value = quality[photo] + offset + (photo % 2 == 1 ? taste : 0) + 0.4 * random.normal();
      table.ratings.push_back({person, photo, static_cast<float>(std::clamp(std::round(value), 1.0, 7.0))});
    }
  }
  return table;
}
