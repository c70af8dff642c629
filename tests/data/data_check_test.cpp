#include "paa/data/data_check.h"

#include "paa/data/icc.h"
#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::RatingTable;
using paa::Split;

namespace {

RatingTable table_of(const paa::Json& sample) {
  RatingTable table;
  for (std::size_t i = 0; i < sample.at("values").size(); ++i) {
    const paa::Rating rating = {sample["people"][i], sample["photos"][i], sample["values"][i]};
    if (rating.person >= table.people.size()) table.people.resize(rating.person + 1);
    if (rating.photo >= table.photos.size()) table.photos.resize(rating.photo + 1);
    table.ratings.push_back(rating);
  }
  return table;
}

paa::Json goldens() { return paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "icc.json"); }

// Two people, three photos; 0 rated all, 1 only the first.
RatingTable small_table() {
  RatingTable table;
  table.people.resize(2);
  table.photos.resize(4);
  table.people[0].profile.age = 30;
  table.people[0].split = table.photos[0].split = table.photos[1].split = Split::kTest;
  table.people[1].split = Split::kTrain;
  table.photos[2].category = table.photos[3].theme = "Animal";
  table.ratings = {{0, 0, 5}, {0, 1, 2}, {0, 2, 1}, {1, 0, 4}};
  return table;
}

}  // namespace

TEST_CASE("ICC(1) is that of pingouin and statsmodels", "[check]") {
  const paa::Json cases = goldens().at("cases");
  REQUIRE(cases.size() == 3);
  for (const auto& sample : cases) {
    INFO(sample.at("name"));
    const auto icc = paa::icc1(table_of(sample));
    REQUIRE(icc);
    CHECK(*icc == Approx(sample.at("icc").get<double>()).epsilon(0).margin(1e-12));
  }
}

TEST_CASE("ICC(1) does not change with unit, order or photos that nobody rated", "[check]") {
  RatingTable table = table_of(goldens().at("cases").back());
  const double icc = paa::icc1(table).value();
  std::reverse(table.ratings.begin(), table.ratings.end());
  for (auto& rating : table.ratings) rating.value = 3 * rating.value - 7;
  table.photos.resize(table.photos.size() + 5);
  CHECK(paa::icc1(table).value() == Approx(icc).epsilon(0).margin(1e-12));
}

TEST_CASE("ICC(1) is 1 in full agreement and nothing where it is undefined", "[check]") {
  RatingTable table = small_table();
  table.ratings = {{0, 0, 5}, {1, 0, 5}, {0, 1, 2}, {1, 1, 2}};
  CHECK(paa::icc1(table).value() == 1);
  table.ratings = {{0, 0, 5}, {1, 0, 4}};
  CHECK_FALSE(paa::icc1(table));
  table.ratings = {{0, 0, 5}, {0, 1, 4}};
  CHECK_FALSE(paa::icc1(table));
  table.ratings = {{0, 0, 5}, {1, 0, 5}, {0, 1, 5}};
  CHECK_FALSE(paa::icc1(table));
  table.ratings.clear();
  CHECK_FALSE(paa::icc1(table));
}

TEST_CASE("Noise of the OASIS subset is that of pandas", "[check]") {
  const auto root = std::filesystem::path(PAA_SHARED_DATA) / "data/oasis";
  if (!std::filesystem::exists(root)) {
    WARN("skipped: no folder " << root);
    return;
  }
  const auto check = paa::check_data(paa::read_ratings(root, "oasis"));
  const auto expected = goldens().at("oasis");
  CHECK(check.icc.value() == Approx(expected.at("icc").get<double>()).epsilon(0).margin(1e-12));
  CHECK(check.retest_mae.value() == Approx(expected.at("retest_mae").get<double>()).epsilon(0).margin(1e-12));
  CHECK(check.mean.value() == Approx(expected.at("mean").get<double>()).epsilon(0).margin(1e-12));
}

TEST_CASE("Counts are those of the table", "[check]") {
  const auto check = paa::check_data(small_table());
  CHECK((check.people == 2 && check.photos == 4 && check.ratings == 4));
  CHECK(check.people_with_profile == 1);
  CHECK((check.photos_with_category == 1 && check.photos_with_theme == 1));
  CHECK((check.per_person.min == 1 && check.per_person.median == 2 && check.per_person.max == 3));
  CHECK((check.per_photo.min == 0 && check.per_photo.median == 1 && check.per_photo.max == 2));
  CHECK(check.mean == 3);
  const auto& test = check.splits[static_cast<std::size_t>(Split::kTest)];
  CHECK((test.people == 1 && test.photos == 2 && test.ratings == 2));
  const auto& train = check.splits[static_cast<std::size_t>(Split::kTrain)];
  CHECK((train.people == 1 && train.photos == 0 && train.ratings == 0));
}

TEST_CASE("Retests are averaged over pairs, people counted once", "[check]") {
  RatingTable table = small_table();
  CHECK_FALSE(paa::check_data(table).retest_mae);
  table.retests = {{0, 0, 5, 3}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  const auto check = paa::check_data(table);
  CHECK(check.retests == 3);
  CHECK(check.retest_people == 2);
  CHECK(check.retest_mae == 1);
}

TEST_CASE("Duplicates are counted by their reason and stand with the rest that was left out", "[check]") {
  RatingTable table = small_table();
  table.left_out = {{std::string(paa::kDuplicateRating), 3, "a.csv:7"}, {"the row has no rating", 2, "a.csv:9"}};
  const auto check = paa::check_data(table);
  CHECK(check.duplicates == 3);
  const auto json = paa::data_check_to_json(check);
  CHECK(json.at("left_out").size() == 2);
  CHECK(json.at("left_out")[1] == paa::Json{{"reason", "the row has no rating"}, {"count", 2}, {"example", "a.csv:9"}});
}

TEST_CASE("Missing photo files are counted; without any the set cannot be used", "[check]") {
  const SetFolder folder;
  RatingTable table = small_table();
  for (std::size_t i = 0; i < table.photos.size(); ++i) table.photos[i].file = folder.root() / std::to_string(i);
  auto check = paa::check_data(table);
  CHECK(check.missing_photos == 4);
  REQUIRE(check.problems.size() == 1);
  CHECK_THAT(check.problems[0], Catch::Matchers::Contains(table.photos[0].file.string()));
  folder.write("2", "");
  check = paa::check_data(table);
  CHECK(check.missing_photos == 3);
  CHECK(check.missing_example == table.photos[0].file.string());
  CHECK(check.problems.empty());
  std::filesystem::create_directory(folder.root() / "3");
  CHECK(paa::check_data(table).missing_photos == 3);
}

TEST_CASE("A set without ratings cannot be used, and its numbers are null", "[check]") {
  const auto json = paa::data_check_to_json(paa::check_data(RatingTable()));
  CHECK(json.at("problems").size() == 1);
  for (const char* key : {"icc", "mean", "retest_mae", "missing_example"}) CHECK(json.at(key).is_null());
  CHECK(json.at("splits").empty());
}

TEST_CASE("A check ends when it is cancelled", "[check]") {
  paa::Cancel cancel;
  cancel.request();
  CHECK(refusal([&] { paa::check_data(small_table(), &cancel); }).code == paa::ErrorCode::kCancelled);
}
