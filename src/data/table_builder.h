#pragma once
// What the readers share: people and photos by name, ratings on the scale, what is left out and why.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "data/id_index.h"
#include "data/rating_keys.h"
#include "paa/data/csv_reader.h"
#include "paa/data/rating_table.h"

namespace paa {

/// The field as a path within `folder`. Error: kBadFormat if it is empty or leads outside.
std::filesystem::path path_within(const std::filesystem::path& folder, const CsvReader& row, std::size_t column);

/// "train", "val" or "validation", "test"; kNone where the field is empty. Error: kBadFormat.
Split split_named(const CsvReader& row, std::size_t column);

/// Fills one RatingTable. Not thread-safe.
class TableBuilder {
 public:
  TableBuilder(std::string name, RatingScale scale);

  /// The person or photo of that name, and whether this call added it.
  IdIndex::Entry add_person(std::string_view id);
  IdIndex::Entry add_photo(std::string_view id);

  /// Same, named in this column. Error: kBadFormat if the name is empty.
  IdIndex::Entry person_named(const CsvReader& row, std::size_t column);
  IdIndex::Entry photo_named(const CsvReader& row, std::size_t column);

  /// Adds the person or photo a table lists in this column. Error: kBadFormat if it is listed twice or has no name.
  RatedPerson& list_person(const CsvReader& row, std::size_t column);
  RatedPhoto& list_photo(const CsvReader& row, std::size_t column);

  /// The one named in this column. Error: kBadFormat, saying that `table` lacks it.
  std::uint32_t person_of(const CsvReader& row, std::size_t column, std::string_view table) const;
  std::uint32_t photo_of(const CsvReader& row, std::size_t column, std::string_view table) const;
  std::optional<std::uint32_t> find_photo(std::string_view id) const { return photos_.find(id); }

  RatedPerson& person(std::uint32_t index) { return table_.people[index]; }
  RatedPhoto& photo(std::uint32_t index) { return table_.photos[index]; }

  /// A value on the set's scale. Error: kBadFormat if it lies outside or between two steps.
  float on_scale(const CsvReader& row, std::size_t column) const;

  /// Adds the rating of this row, or counts why it is left out: no value, a duplicate.
  void rate(const CsvReader& row, std::uint32_t person, std::uint32_t photo, std::size_t value_column);
  void rate(const std::string& where, std::uint32_t person, std::uint32_t photo, float value);

  void add_retest(const Retest& retest) { table_.retests.push_back(retest); }
  void leave_out(std::string_view reason, const std::string& where);

  /// Gives a photo its split. Error: kBadFormat if it has another one.
  void set_split(const CsvReader& row, std::size_t column, std::uint32_t photo, Split split);

  /// The table. The builder is empty afterwards.
  RatingTable finish() { return std::move(table_); }

 private:
  RatingTable table_;
  IdIndex people_, photos_;
  RatingKeys rated_;
};

}  // namespace paa
