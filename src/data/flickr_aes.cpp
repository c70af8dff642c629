#include <vector>

#include "data/data_file.h"
#include "data/readers.h"
#include "data/table_builder.h"

namespace paa {
namespace {

constexpr const char* kPhotoTable = "FLICKR-AES_image_score.txt";
constexpr double kNoScore = 1000;  // the means are of a scale of their own; this refuses what is no number

// Fields that hold something: the lines of the list begin with spaces, which separate nothing.
std::vector<std::size_t> filled_fields(const CsvReader& row) {
  std::vector<std::size_t> filled;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i].empty()) filled.push_back(i);
  }
  return filled;
}

void read_photos(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, {""}, kPhotoTable), {.separator = ' ', .has_header = false, .trim = true});
  const auto photos = photo_folder(root, {"40K", "images"});
  while (row.next()) {
    const auto filled = filled_fields(row);
    if (filled.empty()) continue;
    if (filled.size() != 2) row.fail(filled.back(), "a line must be a photo's name, a space and its score");
    table.list_photo(row, filled[0]).file = path_within(photos, row, filled[0]);
    row.number(filled[1], -kNoScore, kNoScore);
  }
}

void read_rows(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, {""}, "FLICKR-AES_image_labeled_by_each_worker.csv"), {.trim = true});
  const auto person = row.column("worker"), photo = row.column("imagePair"), score = row.column("score");
  while (row.next()) {
    table.rate(row, table.person_named(row, person).index, table.photo_of(row, photo, kPhotoTable), score);
  }
}

}  // namespace

RatingTable read_flickr_aes(const std::filesystem::path& root) {
  TableBuilder table("flickr-aes", {1, 5, 1});
  read_photos(table, root);
  read_rows(table, root);
  return table.finish();
}

}  // namespace paa
