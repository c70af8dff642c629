#include "paa/data/data_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "paa/data/icc.h"
#include "paa/data/read_ratings.h"

namespace paa {
namespace {

CountSpread spread_of(std::vector<std::size_t> counts) {
  if (counts.empty()) return {};
  std::sort(counts.begin(), counts.end());
  const std::size_t middle = counts.size() / 2;
  const auto upper = static_cast<double>(counts[middle]);
  const double median = counts.size() % 2 == 1 ? upper : (static_cast<double>(counts[middle - 1]) + upper) / 2;
  return {counts.front(), counts.back(), median};
}

void count_rows(DataCheck& check, const RatingTable& table) {
  for (const RatedPerson& person : table.people) {
    check.people_with_profile += !person.profile.empty();
    ++check.splits[static_cast<std::size_t>(person.split)].people;
  }
  for (const RatedPhoto& photo : table.photos) {
    check.photos_with_category += !photo.category.empty();
    check.photos_with_theme += !photo.theme.empty();
    ++check.splits[static_cast<std::size_t>(photo.split)].photos;
  }
}

void count_ratings(DataCheck& check, const RatingTable& table) {
  std::vector<std::size_t> of_person(table.people.size()), of_photo(table.photos.size());
  double sum = 0;
  for (const Rating& rating : table.ratings) {
    ++of_person[rating.person];
    ++of_photo[rating.photo];
    sum += rating.value;
    const Split split = table.people[rating.person].split;
    if (split == table.photos[rating.photo].split) ++check.splits[static_cast<std::size_t>(split)].ratings;
  }
  check.per_person = spread_of(std::move(of_person));
  check.per_photo = spread_of(std::move(of_photo));
  if (!table.ratings.empty()) check.mean = sum / static_cast<double>(table.ratings.size());
}

void measure_retests(DataCheck& check, const RatingTable& table) {
  double sum = 0;
  for (const Retest& retest : table.retests) {
    sum += std::abs(static_cast<double>(retest.first) - retest.second);
    check.retest_people = std::max<std::size_t>(check.retest_people, retest.person + std::size_t{1});
  }
  check.retests = table.retests.size();
  if (check.retests > 0) check.retest_mae = sum / static_cast<double>(check.retests);
}

void count_left_out(DataCheck& check, const RatingTable& table) {
  check.left_out = table.left_out;
  for (const LeftOut& entry : table.left_out) {
    if (entry.reason == kDuplicateRating) check.duplicates += entry.count;
  }
}

void look_for_photos(DataCheck& check, const RatingTable& table, const Cancel* cancel) {
  for (const RatedPhoto& photo : table.photos) {
    throw_if_cancelled(cancel);
    std::error_code ignored;
    if (std::filesystem::is_regular_file(photo.file, ignored)) continue;
    if (check.missing_photos++ == 0) check.missing_example = photo.file.string();
  }
}

Json to_json(const CountSpread& spread) {
  return {{"min", spread.min}, {"median", spread.median}, {"max", spread.max}};
}

Json to_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json splits_to_json(const DataCheck& check) {
  Json splits = Json::object();
  for (std::size_t i = 0; i < check.splits.size(); ++i) {
    const auto& [people, photos, ratings] = check.splits[i];
    if (people + photos == 0) continue;
    splits[to_string(static_cast<Split>(i))] = {{"people", people}, {"photos", photos}, {"ratings", ratings}};
  }
  return splits;
}

}  // namespace

DataCheck check_data(const RatingTable& table, const Cancel* cancel) {
  DataCheck check;
  check.name = table.name;
  check.scale = table.scale;
  check.people = table.people.size();
  check.photos = table.photos.size();
  check.ratings = table.ratings.size();
  count_rows(check, table);
  count_ratings(check, table);
  check.icc = icc1(table);
  measure_retests(check, table);
  count_left_out(check, table);
  look_for_photos(check, table, cancel);
  if (check.ratings == 0) check.problems.push_back("there is not one rating");
  if (check.photos > 0 && check.missing_photos == check.photos) {
    check.problems.push_back(fmt::format("not one photo file is there; the first should be {}", check.missing_example));
  }
  return check;
}

Json data_check_to_json(const DataCheck& check) {
  Json left_out = Json::array();
  for (const auto& [reason, count, example] : check.left_out) {
    left_out.push_back({{"reason", reason}, {"count", count}, {"example", example}});
  }
  return {{"name", check.name},
          {"scale", {{"low", check.scale.low}, {"high", check.scale.high}, {"step", check.scale.step}}},
          {"people", check.people},
          {"photos", check.photos},
          {"ratings", check.ratings},
          {"people_with_profile", check.people_with_profile},
          {"photos_with_category", check.photos_with_category},
          {"photos_with_theme", check.photos_with_theme},
          {"splits", splits_to_json(check)},
          {"per_person", to_json(check.per_person)},
          {"per_photo", to_json(check.per_photo)},
          {"mean", to_json(check.mean)},
          {"icc", to_json(check.icc)},
          {"retests", check.retests},
          {"retest_people", check.retest_people},
          {"retest_mae", to_json(check.retest_mae)},
          {"duplicates", check.duplicates},
          {"left_out", std::move(left_out)},
          {"missing_photos", check.missing_photos},
          {"missing_example", check.missing_photos > 0 ? Json(check.missing_example) : Json()},
          {"problems", check.problems}};
}

}  // namespace paa
