#include <array>
#include <string>

#include "data/data_file.h"
#include "data/profile_fields.h"
#include "data/readers.h"
#include "data/table_builder.h"
#include "paa/data/read_ratings.h"

namespace paa {
namespace {

constexpr DataFolders kTables = {"", "data"};
constexpr CsvOptions kEquals = {.separator = '='};

// The meaning of the codes is that of the set's own read-me file.
constexpr std::array<const char*, 4> kLevels = {"none", "beginner", "amateur", "professional"};
constexpr std::array<const char*, 3> kGenders = {nullptr, "male", "female"};

void set_age(TableBuilder& table, Profile& profile, const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return;
  const int age = kEvaYear - row.whole_number(column, 0, 9999);
  if (age >= 1 && age <= 120) {
    profile.age = age;
  } else {
    table.leave_out("a birth year that gives no age of 1 to 120 years; the person stays", row.where());
  }
}

template <std::size_t kCount>
std::optional<std::string> word_of(const std::array<const char*, kCount>& words, const CsvReader& row,
                                   std::size_t column) {
  if (is_missing(row[column])) return std::nullopt;
  const char* word = words[static_cast<std::size_t>(row.whole_number(column, 0, kCount - 1))];
  return word == nullptr ? std::nullopt : std::optional<std::string>(word);
}

// Ticked boxes: 1 glasses, 2 colour blind; 0 none. No box at all may be no answer.
std::optional<bool> colour_blind(const CsvReader& row, std::size_t column) {
  const std::string_view boxes = row[column];
  if (is_missing(boxes)) return std::nullopt;
  if (boxes.find_first_not_of("012,.") != std::string_view::npos) row.fail(column, "it must be 0, 1, 2 or 1,2");
  return boxes.find('2') != std::string_view::npos;
}

void read_people(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, kTables, "users.csv"), kEquals);
  const auto id = row.column("id"), birth_year = row.column("age"), level = row.column("photographic_level_id"),
             gender = row.column("gender_id"), eyes = row.column("eyecheck");
  while (row.next()) {
    Profile& profile = table.list_person(row, id).profile;
    set_age(table, profile, row, birth_year);
    profile.gender = word_of(kGenders, row, gender);
    profile.photography_experience = word_of(kLevels, row, level);
    profile.colour_blind = colour_blind(row, eyes);
  }
}

void read_rows(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, kTables, "votes_filtered.csv"), kEquals);
  const auto photo_id = row.column("image_id"), person = row.column("user_id"), score = row.column("score");
  const auto photos = photo_folder(root, {"images/EVA_together", "images", "EVA_together"});
  while (row.next()) {
    const auto [photo, is_new] = table.photo_named(row, photo_id);
    if (is_new) table.photo(photo).file = path_within(photos, row, photo_id).concat(".jpg");
    table.rate(row, table.person_of(row, person, "users.csv"), photo, score);
  }
}

}  // namespace

RatingTable read_eva(const std::filesystem::path& root) {
  TableBuilder table("eva", {0, 10, 1});
  read_people(table, root);
  read_rows(table, root);
  return table.finish();
}

}  // namespace paa
