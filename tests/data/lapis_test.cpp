#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::RatingTable;
using paa::Split;

namespace {

const std::string kHead =
    "image_id,image_filename,rating,response time,participant_id,age,nationality,demo_gender,demo_edu,demo_colorblind,"
    "Art Interest VAIAK,imgs_known,artist,title,genre,style,4_styles,2_styles\n";
const std::string kSplitHead =
    "image_id,min_response,max_response,mean_response,std_response,number of raters,image_filename,genre\n";

// `person`: participant_id and the six columns of demographics.
std::string row(const std::string& image, const std::string& file, const std::string& rating, const std::string& person,
                const std::string& known = "1") {
  return image + "," + file + "," + rating + ",2.1," + person + "," + known +
         ",Paul C\xE9zanne,\"Still, life\",still life,Cubism,modern,abstract\n";
}

const std::string kAnna = "p1,34,Belgium,Female,Master's degree,No,3.7";
const std::string kBen = "p2,,,,,,";

SetFolder set_of(const std::string& rows) {
  SetFolder folder;
  folder.write("LAPIS_PIAA.csv", kHead + rows);
  return folder;
}

RatingTable read(const SetFolder& folder) { return paa::read_ratings(folder.root(), "lapis"); }

}  // namespace

TEST_CASE("LAPIS: names are Latin-1 and come out as UTF-8", "[lapis]") {
  const SetFolder folder = set_of(row("7", "c\xE9zanne.jpg", "55.5", kAnna));
  const RatingTable table = read(folder);
  CHECK(table.photos[0].file == folder.root() / "images/c\xC3\xA9zanne.jpg");
  CHECK(table.photos[0].id == "7");
  CHECK(table.photos[0].category == "still life");
  CHECK(table.photos[0].theme == "Cubism");
  CHECK(table.ratings[0].value == 55.5F);
  CHECK((table.scale.low == 0 && table.scale.high == 100 && table.scale.step == 0));
}

TEST_CASE("LAPIS: a person's profile is in their rows", "[lapis]") {
  const paa::Profile profile = read(set_of(row("7", "a.jpg", "5", kAnna))).people[0].profile;
  CHECK(profile.age == 34);
  CHECK(profile.nationality == "Belgium");
  CHECK(profile.gender == "Female");
  CHECK(profile.education == "Master's degree");
  CHECK(profile.colour_blind == false);
  CHECK(profile.art_interest == 3.7);
}

TEST_CASE("LAPIS: ratings of people without demographics are kept", "[lapis]") {
  const RatingTable table =
      read(set_of(row("7", "a.jpg", "5", kBen) + row("8", "b.jpg", "6", "p3,NA,nan,NA,DATA_EXPIRED,NA,NaN")));
  REQUIRE(table.ratings.size() == 2);
  CHECK(table.people[0].profile.empty());
  CHECK(table.people[1].profile.empty());
  CHECK(table.left_out.empty());
}

TEST_CASE("LAPIS: what one row of a person leaves out another may say, and the first word counts", "[lapis]") {
  const RatingTable table = read(set_of(row("7", "a.jpg", "5", kBen) + row("8", "b.jpg", "6", "p2,34.0,,,,Yes,") +
                                        row("9", "c.jpg", "7", "p2,35,Italy,,,Yes,2")));
  REQUIRE(table.people.size() == 1);
  CHECK(table.people[0].profile.age == 34);
  CHECK(table.people[0].profile.nationality == "Italy");
  CHECK(table.people[0].profile.colour_blind == true);
  CHECK(table.people[0].profile.art_interest == 2);
  CHECK(table.ratings.size() == 3);
  REQUIRE(table.left_out.size() == 1);
  CHECK_THAT(table.left_out[0].reason, Catch::Matchers::Contains("another \"age\""));
  CHECK_THAT(table.left_out[0].example, Catch::Matchers::EndsWith("LAPIS_PIAA.csv:4"));
}

TEST_CASE("LAPIS: what a spreadsheet made of imgs_known does no harm", "[lapis]") {
  const RatingTable table =
      read(set_of(row("7", "a.jpg", "5", kAnna, "01-Oct") + row("8", "a.jpg", "5", kAnna, "#REF!") +
                  row("9", "a.jpg", "5", kAnna, "\"a, \"\"b\"\"\"")));
  CHECK(table.ratings.size() == 3);
  CHECK(table.left_out.empty());
}

TEST_CASE("LAPIS: of two ratings of one painting by one person the first counts", "[lapis]") {
  const RatingTable table = read(set_of(row("7", "a.jpg", "5", kAnna) + row("7", "a.jpg", "90", kAnna) +
                                        row("7", "a.jpg", "40", kBen) + row("7", "a.jpg", "6", kAnna)));
  REQUIRE(table.ratings.size() == 2);
  CHECK(table.ratings[0].value == 5);
  REQUIRE(table.left_out.size() == 1);
  CHECK(table.left_out[0].reason == paa::kDuplicateRating);
  CHECK(table.left_out[0].count == 2);
}

TEST_CASE("LAPIS: the generic lists are the photos' splits", "[lapis]") {
  const SetFolder folder =
      set_of(row("7", "a.jpg", "5", kAnna) + row("8", "b.jpg", "5", kAnna) + row("9", "c.jpg", "5", kAnna));
  folder.write("LAPIS_GIAA_Trainsplit.csv", kSplitHead + "8,0,100,50,3,24,b.jpg,portr\xE4t\n");
  folder.write("LAPIS_GIAA_Valsplit.csv", kSplitHead + "9,0,100,50,3,24,c.jpg,landscape\n");
  CHECK(refusal([&] { read(folder); }).code == paa::ErrorCode::kNotFound);
  folder.write("LAPIS_GIAA_Testsplit.csv", kSplitHead + "7,0,100,50,3,24,a.jpg,landscape\n");
  const RatingTable table = read(folder);
  CHECK(table.photos[0].split == Split::kTest);
  CHECK(table.photos[1].split == Split::kTrain);
  CHECK(table.photos[2].split == Split::kValidation);
}

TEST_CASE("LAPIS: what is out of range is named with its place", "[lapis]") {
  CHECK_REFUSED_AT(read(set_of(row("7", "a.jpg", "100.5", kAnna))), "LAPIS_PIAA.csv:2:9", "0 to 100");
  CHECK_REFUSED_AT(read(set_of(row("7", "a.jpg", "5", "p1,34,,,,,6.5"))), "LAPIS_PIAA.csv:2:25", "0 to 6");
  CHECK_REFUSED_AT(read(set_of(row("7", "a.jpg", "5", "p1,34,,,,perhaps,"))), "LAPIS_PIAA.csv:2:24", "yes, no");
  CHECK_REFUSED_AT(read(set_of(row("7", "\xE9.jpg", "5", "p1,x,,,,,"))), "LAPIS_PIAA.csv:2:18", "1 to 120");
  CHECK_REFUSED_AT(read(set_of(row("7", "a.jpg", "5", ",34,,,,,"))), "LAPIS_PIAA.csv:2:15", "name a person");
  CHECK_REFUSED_AT(read(set_of(row("", "a.jpg", "5", kAnna))), "LAPIS_PIAA.csv:2:1", "name a photo");
}
