#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "data/data_file.h"
#include "data/profile_fields.h"
#include "data/readers.h"
#include "data/table_builder.h"

namespace paa {
namespace {

constexpr DataFolders kTables = {"", "annotation"};
constexpr CsvOptions kLatin1 = {.encoding = CsvEncoding::kLatin1};

constexpr std::array<std::string_view, 6> kDemographics = {"age",      "nationality",     "demo_gender",
                                                           "demo_edu", "demo_colorblind", "Art Interest VAIAK"};

void set_field(Profile& profile, std::size_t which, const CsvReader& row, std::size_t column) {
  switch (which) {
    case 0: profile.age = profile_age(row, column); break;
    case 1: profile.nationality = profile_words(row, column); break;
    case 2: profile.gender = profile_words(row, column); break;
    case 3: profile.education = profile_words(row, column); break;
    case 4: profile.colour_blind = profile_flag(row, column); break;
    default: profile.art_interest = row.number(column, 0, 6); break;
  }
}

// Every row repeats who rated, and some rows say it only in part or not at all.
class Demographics {
 public:
  explicit Demographics(const CsvReader& row) {
    for (std::size_t i = 0; i < kDemographics.size(); ++i) columns_[i] = row.column(kDemographics[i]);
  }

  void add(TableBuilder& table, std::uint32_t person, const CsvReader& row) {
    if (person >= said_.size()) said_.resize(person + 1);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view text = row[columns_[i]];
      std::string& said = said_[person][i];
      if (text == said || is_missing(text)) continue;
      if (said.empty()) {
        set_field(table.person(person).profile, i, row, columns_[i]);
        said = text;
      } else {
        table.leave_out(fmt::format("another \"{}\" of a person than in the first row that says it, which counts; the "
                                    "rating is kept",
                                    kDemographics[i]),
                        row.where());
      }
    }
  }

 private:
  std::array<std::size_t, kDemographics.size()> columns_{};
  std::vector<std::array<std::string, kDemographics.size()>> said_;
};

void read_rows(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, kTables, "LAPIS_PIAA.csv"), kLatin1);
  const auto id = row.column("image_id"), file = row.column("image_filename"), rating = row.column("rating"),
             person_id = row.column("participant_id"), genre = row.column("genre"), style = row.column("style");
  Demographics demographics(row);
  const auto photos = photo_folder(root, {"images"});
  while (row.next()) {
    const auto [photo, is_new] = table.photo_named(row, id);
    if (is_new) {
      table.photo(photo).file = path_within(photos, row, file);
      table.photo(photo).category = row[genre];
      table.photo(photo).theme = row[style];
    }
    const auto person = table.person_named(row, person_id).index;
    demographics.add(table, person, row);
    table.rate(row, person, photo, rating);
  }
}

void read_split(TableBuilder& table, const std::filesystem::path& path, Split split) {
  CsvReader row(path, kLatin1);
  const auto id = row.column("image_id");
  while (row.next()) {
    if (const auto photo = table.find_photo(row[id])) {
      table.set_split(row, id, *photo, split);
    } else {
      table.leave_out("a photo of a split that LAPIS_PIAA.csv lacks", row.where());
    }
  }
}

}  // namespace

RatingTable read_lapis(const std::filesystem::path& root) {
  TableBuilder table("lapis", {0, 100, 0});
  read_rows(table, root);
  const auto splits = data_files_or_none(
      root, kTables, {"LAPIS_GIAA_Trainsplit.csv", "LAPIS_GIAA_Valsplit.csv", "LAPIS_GIAA_Testsplit.csv"});
  if (!splits.empty()) {
    read_split(table, splits[0], Split::kTrain);
    read_split(table, splits[1], Split::kValidation);
    read_split(table, splits[2], Split::kTest);
  }
  return table.finish();
}

}  // namespace paa
