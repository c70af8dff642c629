#include "data/data_file.h"
#include "data/profile_fields.h"
#include "data/readers.h"
#include "data/table_builder.h"

namespace paa {
namespace {

void read_photos(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, {""}, "images.csv"));
  const auto id = row.column("image_id"), file = row.column("file"), theme = row.column("theme"),
             category = row.column("category"), split = row.column("split");
  while (row.next()) {
    RatedPhoto& photo = table.list_photo(row, id);
    photo.file = path_within(root, row, file);
    photo.theme = row[theme];
    photo.category = row[category];
    photo.split = split_named(row, split);
  }
}

void read_people(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, {""}, "users.csv"));
  const auto id = row.column("user_id"), age = row.column("age"), gender = row.column("gender"),
             education = row.column("education"), split = row.column("split");
  while (row.next()) {
    RatedPerson& person = table.list_person(row, id);
    person.profile.age = profile_age(row, age);
    person.profile.gender = profile_words(row, gender);
    person.profile.education = profile_words(row, education);
    person.split = split_named(row, split);
  }
}

void read_rows(TableBuilder& table, const std::filesystem::path& root) {
  CsvReader row(data_file(root, {""}, "ratings.csv"));
  const auto person = row.column("user_id"), photo = row.column("image_id"), score = row.column("score");
  while (row.next()) {
    table.rate(row, table.person_of(row, person, "users.csv"), table.photo_of(row, photo, "images.csv"), score);
  }
}

void read_retests(TableBuilder& table, const std::filesystem::path& root) {
  const auto path = find_data_file(root, {""}, "retest.csv");
  if (!path) return;
  CsvReader row(*path);
  const auto person = row.column("user_id"), photo = row.column("image_id"), first = row.column("first"),
             second = row.column("second");
  IdIndex people;
  RatingKeys seen;
  while (row.next()) {
    const Retest retest{people.add(row[person]).index, table.photo_of(row, photo, "images.csv"),
                        table.on_scale(row, first), table.on_scale(row, second)};
    if (seen.insert(retest.person, retest.photo)) {
      table.add_retest(retest);
    } else {
      table.leave_out("the same person was retested on the same photo before; the first row counts", row.where());
    }
  }
}

}  // namespace

RatingTable read_oasis(const std::filesystem::path& root) {
  TableBuilder table("oasis", {1, 7, 1});
  read_photos(table, root);
  read_people(table, root);
  read_rows(table, root);
  read_retests(table, root);
  return table.finish();
}

}  // namespace paa
