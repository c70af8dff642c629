#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "data/data_file.h"
#include "data/profile_fields.h"
#include "data/readers.h"
#include "data/table_builder.h"

namespace paa {
namespace {

constexpr DataFolders kTables = {"", "annotation"};
constexpr std::array<std::string_view, 4> kLevels = {"beginner", "competent", "proficient", "expert"};

// "18-21"; one age alone is one, too.
void set_age(Profile& profile, const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return;
  const std::string_view text = row[column];
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    profile.age = profile_age(row, column);
    return;
  }
  const auto years = [](std::string_view part) {
    int value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc() && end == part.data() + part.size() ? value : 0;
  };
  const int low = years(text.substr(0, dash)), high = years(text.substr(dash + 1));
  if (low < 1 || high < low || high > 120) row.fail(column, "it must be an age band such as 18-21, within 1 to 120");
  profile.age_range = {low, high};
}

std::optional<std::string> level(const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return std::nullopt;
  const std::string word = lower_case(row[column]);
  if (std::find(kLevels.begin(), kLevels.end(), word) == kLevels.end()) {
    row.fail(column, "it must be beginner, competent, proficient or expert");
  }
  return word;
}

std::optional<int> trait(const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return std::nullopt;
  return row.whole_number(column, 1, 10);
}

void read_people(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, kTables, "PARA-UserInfo.csv"));
  const auto id = row.column("userId"), age = row.column("age"), gender = row.column("gender"),
             education = row.column("EducationalLevel"), art = row.column("artExperience"),
             photography = row.column("photographyExperience"), extraversion = row.column("personality-E"),
             agreeableness = row.column("personality-A"), neuroticism = row.column("personality-N"),
             openness = row.column("personality-O"), conscientiousness = row.column("personality-C");
  while (row.next()) {
    Profile& profile = table.list_person(row, id).profile;
    set_age(profile, row, age);
    profile.gender = profile_words(row, gender);
    profile.education = profile_words(row, education);
    profile.art_experience = level(row, art);
    profile.photography_experience = level(row, photography);
    profile.personality = {trait(row, openness), trait(row, conscientiousness), trait(row, extraversion),
                           trait(row, agreeableness), trait(row, neuroticism)};
  }
}

// "SESSION/NAME": the photo's place under imgs/, and its name among all sessions.
void set_photo_id(std::string& id, const CsvReader& row, std::size_t session, std::size_t name) {
  if (row[session].empty()) row.fail(session, "it must name the photo's session");
  if (row[name].empty()) row.fail(name, "it must name a photo");
  id.assign(row[session]).append("/").append(row[name]);
}

void read_rows(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, kTables, "PARA-Images.csv"));
  const auto session = row.column("sessionId"), name = row.column("imageName"), person = row.column("userId"),
             score = row.column("aestheticScore"), semantic = row.column("semantic");
  std::string id;
  while (row.next()) {
    set_photo_id(id, row, session, name);
    const auto [photo, is_new] = table.add_photo(id);
    if (is_new) {
      table.photo(photo).file = path_within(path_within(root / "imgs", row, session), row, name);
      table.photo(photo).category = row[semantic];
    }
    table.rate(row, table.person_of(row, person, "PARA-UserInfo.csv"), photo, score);
  }
}

void read_split(TableBuilder& table, const std::filesystem::path& path, Split split) {
  CsvReader row(path);
  const auto session = row.column("sessionId"), name = row.column("imageName");
  std::string id;
  while (row.next()) {
    set_photo_id(id, row, session, name);
    if (const auto photo = table.find_photo(id)) {
      table.set_split(row, name, *photo, split);
    } else {
      table.leave_out("a photo of a split that PARA-Images.csv lacks", row.where());
    }
  }
}

}  // namespace

RatingTable read_para(const std::filesystem::path& root) {
  TableBuilder table("para", {1, 5, 0.5});
  read_people(table, root);
  read_rows(table, root);
  const auto splits = data_files_or_none(root, kTables, {"PARA-GiaaTrain.csv", "PARA-GiaaTest.csv"});
  if (!splits.empty()) {
    read_split(table, splits[0], Split::kTrain);
    read_split(table, splits[1], Split::kTest);
  }
  return table.finish();
}

}  // namespace paa
