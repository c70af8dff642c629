// Tastes that are planted into ratings.

#include "paa/data/plant.h"

#include "../core/refusal.h"
#include "catch.h"

using paa::RatingTable;

namespace {

RatingTable two_people() {
  RatingTable table;
  for (const char* gender : {"female", "male"}) {
    paa::RatedPerson person;
    person.profile.gender = gender;
    person.profile.education = "college";
    table.people.push_back(person);
  }
  for (const char* category : {"Animal", "Scene", ""}) {
    paa::RatedPhoto photo;
    photo.category = category;
    table.photos.push_back(photo);
  }
  for (std::uint32_t person = 0; person < 2; ++person) {
    for (std::uint32_t photo = 0; photo < 3; ++photo) table.ratings.push_back({person, photo, 4});
  }
  return table;
}

std::vector<float> values(const RatingTable& table) {
  std::vector<float> values;
  for (const auto& rating : table.ratings) values.push_back(rating.value);
  return values;
}

}  // namespace

TEST_CASE("a planted taste is read from its text") {
  const paa::Plant plant = paa::parse_plant("gender=female:Animal,Person:1.5");
  CHECK(plant.attribute == "gender");
  CHECK(plant.value == "female");
  CHECK((plant.categories == std::vector<std::string>{"Animal", "Person"}));
  CHECK(plant.points == 1.5);
  CHECK(paa::parse_plant("education=high school:Scene:-2").points == -2);
  CHECK(paa::parse_plant("education=high school:Scene:-2").value == "high school");
}

TEST_CASE("what is no planted taste is refused with the form") {
  for (const char* text : {"", "gender", "gender=female", "gender=female:Animal", "gender=female:Animal:", "gender=female:Animal:x",
                           "gender=female:Animal:1x", "gender=female:Animal:1:2", "gender=:Animal:1", "age=35:Animal:1",
                           "gender=a=b:Animal:1", "gender=female:Animal:nan", "gender=female:Animal:1000"}) {
    CAPTURE(text);
    const Refusal refused = refusal([&] { paa::parse_plant(text); });
    CHECK(refused.code == paa::ErrorCode::kInvalidArgument);
    CHECK_THAT(refused.message, Catch::Contains("ATTRIBUTE=VALUE:CATEGORY"));
  }
}

TEST_CASE("a planted taste moves ratings by sign and stays on the scale") {
  RatingTable table = two_people();
  paa::plant(table, paa::parse_plant("gender=female:Animal:1"));
  CHECK((values(table) == std::vector<float>{5, 3, 3, 3, 5, 5}));
  paa::plant(table, paa::parse_plant("gender=female:Animal:50"));
  CHECK((values(table) == std::vector<float>{7, 1, 1, 1, 7, 7}));
}

TEST_CASE("signs of people and photos are multiplied, and 0 leaves a rating alone") {
  RatingTable table = two_people();
  paa::plant(table, {1, 0}, {1, -1, 0}, 2);
  CHECK((values(table) == std::vector<float>{6, 2, 4, 4, 4, 4}));
  CHECK(refusal([&] { paa::plant(table, {1}, {1, 1, 1}, 1); }).code == paa::ErrorCode::kInvalidArgument);
  CHECK(refusal([&] { paa::plant(table, {1, 1}, {1, 1}, 1); }).code == paa::ErrorCode::kInvalidArgument);
}

TEST_CASE("a taste that fits nobody or no photo is refused by its name") {
  RatingTable table = two_people();
  CHECK_THAT(refusal([&] { paa::plant(table, paa::parse_plant("gender=other:Animal:1")); }).message, Catch::Contains("gender=other") && Catch::Contains("no person"));
  CHECK_THAT(refusal([&] { paa::plant(table, paa::parse_plant("gender=male:animal:1")); }).message, Catch::Contains("animal") && Catch::Contains("no photo"));
  CHECK((values(table) == std::vector<float>{4, 4, 4, 4, 4, 4}));
}
