#include "data/table_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/profile_fields.h"
#include "paa/data/read_ratings.h"

namespace paa {

std::filesystem::path path_within(const std::filesystem::path& folder, const CsvReader& row, std::size_t column) {
  const std::filesystem::path path(row[column]);
  const bool climbs = std::find(path.begin(), path.end(), "..") != path.end();
  if (path.empty() || path.is_absolute() || climbs) row.fail(column, "it must be a path within the set's folder");
  return folder / path;
}

Split split_named(const CsvReader& row, std::size_t column) {
  const std::string_view name = row[column];
  if (name.empty()) return Split::kNone;
  if (name == "train") return Split::kTrain;
  if (name == "val" || name == "validation") return Split::kValidation;
  if (name != "test") row.fail(column, "it must be train, val or test, or empty");
  return Split::kTest;
}

TableBuilder::TableBuilder(std::string name, RatingScale scale) {
  table_.name = std::move(name);
  table_.scale = scale;
}

IdIndex::Entry TableBuilder::add_person(std::string_view id) {
  const IdIndex::Entry entry = people_.add(id);
  if (entry.is_new) table_.people.emplace_back().id = id;
  return entry;
}

IdIndex::Entry TableBuilder::add_photo(std::string_view id) {
  const IdIndex::Entry entry = photos_.add(id);
  if (entry.is_new) table_.photos.emplace_back().id = id;
  return entry;
}

IdIndex::Entry TableBuilder::person_named(const CsvReader& row, std::size_t column) {
  if (row[column].empty()) row.fail(column, "it must name a person");
  return add_person(row[column]);
}

IdIndex::Entry TableBuilder::photo_named(const CsvReader& row, std::size_t column) {
  if (row[column].empty()) row.fail(column, "it must name a photo");
  return add_photo(row[column]);
}

RatedPerson& TableBuilder::list_person(const CsvReader& row, std::size_t column) {
  const auto [index, is_new] = person_named(row, column);
  if (!is_new) row.fail(column, "this person stands above already; list each once");
  return table_.people[index];
}

RatedPhoto& TableBuilder::list_photo(const CsvReader& row, std::size_t column) {
  const auto [index, is_new] = photo_named(row, column);
  if (!is_new) row.fail(column, "this photo stands above already; list each once");
  return table_.photos[index];
}

std::uint32_t TableBuilder::person_of(const CsvReader& row, std::size_t column, std::string_view table) const {
  const auto found = people_.find(row[column]);
  if (!found) row.fail(column, fmt::format("{} has no such person", table));
  return *found;
}

std::uint32_t TableBuilder::photo_of(const CsvReader& row, std::size_t column, std::string_view table) const {
  const auto found = photos_.find(row[column]);
  if (!found) row.fail(column, fmt::format("{} has no such photo", table));
  return *found;
}

float TableBuilder::on_scale(const CsvReader& row, std::size_t column) const {
  const auto [low, high, step] = table_.scale;
  const double value = row.number(column, low, high);
  const double steps = step > 0 ? (value - low) / step : 0;
  if (std::abs(steps - std::round(steps)) > 1e-6) {
    row.fail(column, fmt::format("ratings go from {} to {} in steps of {}", low, high, step));
  }
  return static_cast<float>(value);
}

void TableBuilder::rate(const CsvReader& row, std::uint32_t person, std::uint32_t photo, std::size_t value_column) {
  if (is_missing(row[value_column])) return leave_out("the row has no rating", row.where());
  const float value = on_scale(row, value_column);
  if (!rated_.insert(person, photo)) return leave_out(kDuplicateRating, row.where());
  table_.ratings.push_back({person, photo, value});
}

void TableBuilder::rate(const std::string& where, std::uint32_t person, std::uint32_t photo, float value) {
  if (!rated_.insert(person, photo)) return leave_out(kDuplicateRating, where);
  table_.ratings.push_back({person, photo, value});
}

void TableBuilder::leave_out(std::string_view reason, const std::string& where) {
  auto& all = table_.left_out;
  auto found = std::find_if(all.begin(), all.end(), [&](const LeftOut& entry) { return entry.reason == reason; });
  if (found == all.end()) found = all.insert(all.end(), {std::string(reason), 0, where});
  ++found->count;
}

void TableBuilder::set_split(const CsvReader& row, std::size_t column, std::uint32_t photo, Split split) {
  Split& now = table_.photos[photo].split;
  if (now != Split::kNone && now != split) {
    row.fail(column, fmt::format("this photo is in the split \"{}\" already", to_string(now)));
  }
  now = split;
}

}  // namespace paa
