#include "paa/data/plant.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "paa/core/error.h"

namespace paa {
namespace {

[[noreturn]] void fail(std::string_view text) {
  throw Error(
      ErrorCode::kInvalidArgument,
      fmt::format(
          "\"{}\": a planted taste is written ATTRIBUTE=VALUE:CATEGORY,CATEGORY:POINTS, with the attribute gender or "
          "education, for example gender=female:Animal,Person:1",
          text));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::string> attribute_of(const Profile& profile, const std::string& name) {
  return name == "gender" ? profile.gender : profile.education;
}

void check_both(const std::vector<int>& signs, const char* what, const Plant& plant) {
  if (std::count(signs.begin(), signs.end(), 1) > 0) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the planted taste {}={}:{} fits no {} of the data set", plant.attribute, plant.value,
                          fmt::join(plant.categories, ","), what));
}

}  // namespace

Plant parse_plant(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 3) fail(text);
  const auto who = split(parts[0], '=');
  if (who.size() != 2 || (who[0] != "gender" && who[0] != "education") || who[1].empty()) fail(text);
  Plant plant{who[0], who[1], split(parts[1], ','), 0};
  const auto [end, error] = std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), plant.points);
  if (error != std::errc() || end != parts[2].data() + parts[2].size() ||
      !(plant.points >= -100 && plant.points <= 100))
    fail(text);
  return plant;
}

void plant(RatingTable& table, const std::vector<int>& people, const std::vector<int>& photos, double points) {
  if (people.size() != table.people.size() || photos.size() != table.photos.size()) {
    throw Error(ErrorCode::kInvalidArgument, "a planted taste needs one sign for each person and each photo");
  }
  for (Rating& rating : table.ratings) {
    const double shifted = rating.value + people[rating.person] * photos[rating.photo] * points;
    rating.value = static_cast<float>(std::clamp(shifted, table.scale.low, table.scale.high));
  }
}

void plant(RatingTable& table, const Plant& plant) {
  std::vector<int> people, photos;
  for (const RatedPerson& person : table.people) {
    people.push_back(attribute_of(person.profile, plant.attribute) == plant.value ? 1 : -1);
  }
  for (const RatedPhoto& photo : table.photos) {
    const bool named =
        std::find(plant.categories.begin(), plant.categories.end(), photo.category) != plant.categories.end();
    photos.push_back(named ? 1 : -1);
  }
  check_both(people, "person", plant);
  check_both(photos, "photo", plant);
  paa::plant(table, people, photos, plant.points);
}

}  // namespace paa
