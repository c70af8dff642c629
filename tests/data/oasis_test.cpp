#include "paa/data/data_check.h"
#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::ErrorCode;
using paa::RatingTable;
using paa::Split;

namespace {

SetFolder small_set() {
  SetFolder folder;
  folder.write("images.csv",
               "image_id,file,theme,category,split\r\ni1,images/i1.jpg,Acorns,Object,train\r\n"
               "i2,images/i2.jpg,\"Lake, calm\",Scene,val\r\ni3,images/i3.jpg,Dog,Animal,test\r\n");
  folder.write("users.csv",
               "user_id,age,gender,education,split\r\nu1,37,male,graduate degree,train\r\nu2,20,female,,val\r\n"
               "u3,61,other,high school,test\r\n");
  folder.write("ratings.csv", "user_id,image_id,score\r\nu1,i1,5\r\nu3,i3,1\r\nu1,i1,2\r\nu2,i2,7\r\nu1,i3,\r\n");
  folder.write("retest.csv",
               "user_id,image_id,first,second\r\nr07,i2,5,4\r\nu1,i3,1,1\r\nr07,i3,2,6\r\nr07,i3,1,1\r\n");
  return folder;
}

RatingTable read(const SetFolder& folder) { return paa::read_ratings(folder.root(), "oasis"); }

}  // namespace

TEST_CASE("OASIS: people, photos and ratings with their splits", "[oasis]") {
  const SetFolder folder = small_set();
  const RatingTable table = read(folder);
  CHECK(table.name == "oasis");
  CHECK((table.scale.low == 1 && table.scale.high == 7 && table.scale.step == 1));
  REQUIRE(table.people.size() == 3);
  CHECK(table.people[0].profile.age == 37);
  CHECK(table.people[0].profile.education == "graduate degree");
  CHECK(table.people[2].profile.gender == "other");
  CHECK(table.people[0].split == Split::kTrain);
  CHECK(table.people[1].split == Split::kValidation);
  CHECK(table.people[2].split == Split::kTest);
  REQUIRE(table.photos.size() == 3);
  CHECK(table.photos[1].theme == "Lake, calm");
  CHECK(table.photos[1].category == "Scene");
  CHECK(table.photos[1].file == folder.root() / "images/i2.jpg");
  CHECK(table.photos[2].split == Split::kTest);
  REQUIRE(table.ratings.size() == 3);
  CHECK((table.ratings[1].person == 2 && table.ratings[1].photo == 2 && table.ratings[1].value == 1));
}

TEST_CASE("OASIS: an education may be missing", "[oasis]") {
  CHECK_FALSE(read(small_set()).people[1].profile.education);
}

TEST_CASE("OASIS: the first of two ratings counts, and an empty one is left out", "[oasis]") {
  const RatingTable table = read(small_set());
  CHECK(table.ratings[0].value == 5);
  REQUIRE(table.left_out.size() == 3);
  CHECK(table.left_out[0].reason == paa::kDuplicateRating);
  CHECK(table.left_out[0].count == 1);
  CHECK_THAT(table.left_out[0].example, Catch::Matchers::EndsWith("ratings.csv:4"));
  CHECK_THAT(table.left_out[1].reason, Catch::Matchers::Contains("no rating"));
}

TEST_CASE("OASIS: the retest numbers its people on its own, and may be absent", "[oasis]") {
  const SetFolder folder = small_set();
  const RatingTable table = read(folder);
  REQUIRE(table.retests.size() == 3);
  CHECK(table.retests[0].person == 0);
  CHECK(table.retests[1].person == 1);
  CHECK((table.retests[2].person == 0 && table.retests[2].photo == 2));
  CHECK((table.retests[2].first == 2 && table.retests[2].second == 6));
  std::filesystem::remove(folder.root() / "retest.csv");
  CHECK(read(folder).retests.empty());
}

TEST_CASE("OASIS: what is wrong is named with file, line and column", "[oasis]") {
  const SetFolder folder = small_set();
  const std::string head = "user_id,image_id,score\n";
  const auto ratings = [&](const std::string& rows) { folder.write("ratings.csv", head + "u1,i1,5\n" + rows); };
  ratings("u1,i2,8\n");
  CHECK_REFUSED_AT(read(folder), "ratings.csv:3:7", "1 to 7");
  ratings("u1,i2,2.5\n");
  CHECK_REFUSED_AT(read(folder), "ratings.csv:3:7", "steps of 1");
  ratings("u9,i2,2\n");
  CHECK_REFUSED_AT(read(folder), "ratings.csv:3:1", "users.csv has no such person");
  ratings("u1,i9,2\n");
  CHECK_REFUSED_AT(read(folder), "ratings.csv:3:4", "images.csv has no such photo");
  folder.write("ratings.csv", "user_id,image,score\nu1,i1,5\n");
  CHECK_REFUSED_AT(read(folder), "ratings.csv:1:1", "\"image_id\" nowhere");
  folder.write("users.csv", "user_id,age,gender,education,split\nu1,37,male,,train\nu1,37,male,,train\n");
  CHECK_REFUSED_AT(read(folder), "users.csv:3:1", "above already");
  folder.write("users.csv", "user_id,age,gender,education,split\nu1,137,male,,train\n");
  CHECK_REFUSED_AT(read(folder), "users.csv:2:4", "1 to 120");
  folder.write("users.csv", "user_id,age,gender,education,split\nu1,37,male,,trial\n");
  CHECK_REFUSED_AT(read(folder), "users.csv:2:13", "train, val or test");
  folder.write("users.csv", "user_id,age,gender,education,split\nu1,37,\"ma\nle\",,train\n");
  CHECK_REFUSED_AT(read(folder), "users.csv:2:7", "control characters");
  folder.write("images.csv", "image_id,file,theme,category,split\ni1,../i1.jpg,Acorns,Object,train\n");
  CHECK_REFUSED_AT(read(folder), "images.csv:2:4", "within the set's folder");
  std::filesystem::remove(folder.root() / "images.csv");
  const Refusal missing = refusal([&] { read(folder); });
  CHECK(missing.code == ErrorCode::kNotFound);
  CHECK_THAT(missing.message, Catch::Matchers::Contains("images.csv"));
}

TEST_CASE("An unknown set's name is answered with those that are known", "[oasis]") {
  const Refusal refused = refusal([] { paa::read_ratings(".", "aesthetics"); });
  CHECK(refused.code == ErrorCode::kInvalidArgument);
  for (const auto name : paa::rating_set_names())
    CHECK_THAT(refused.message, Catch::Matchers::Contains(std::string(name)));
}

TEST_CASE("The OASIS subset at hand is what its read-me says", "[oasis]") {
  const auto root = std::filesystem::path(PAA_SHARED_DATA) / "data/oasis";
  if (!std::filesystem::exists(root)) {
    WARN("skipped: no folder " << root);
    return;
  }
  const auto check = paa::check_data(paa::read_ratings(root, "oasis"));
  CHECK(check.photos == 514);
  CHECK(check.people == 596);
  CHECK(check.ratings == 76544);
  CHECK(check.retest_people == 59);
  CHECK(check.photos_with_category == 514);
  CHECK(check.photos_with_theme == 514);
  CHECK(check.people_with_profile == 596);
  CHECK(check.missing_photos == 0);
  CHECK(check.left_out.empty());
  CHECK(check.problems.empty());
  const auto& splits = check.splits;
  CHECK((splits[0].people == 0 && splits[1].people == 446 && splits[2].people == 57 && splits[3].people == 93));
  CHECK((splits[0].photos == 0 && splits[1].photos == 381 && splits[2].photos == 46 && splits[3].photos == 87));
}
