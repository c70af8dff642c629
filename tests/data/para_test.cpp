#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::RatingTable;
using paa::Split;

namespace {

const std::string kImageHead =
    "sessionId,imageName,userId,aestheticScore,qualityScore,compositionScore,colorScore,dofScore,contentScore,"
    "lightScore,"
    "isObjectEmphasis,imgEmotion,difficultyOfJudgment,contentPreference,willingnessToShare,semantic\n";
const std::string kUserHead =
    "userId,age,gender,EducationalLevel,artExperience,photographyExperience,personality-E,personality-A,personality-N,"
    "personality-O,personality-C\n";
const std::string kSplitHead =
    "imageName,sessionId,aestheticScore_1.0,aestheticScore_2.0,aestheticScore_3.0,aestheticScore_4.0,aestheticScore_5."
    "0,"
    "aestheticScore_mean\n";

std::string row(const std::string& session, const std::string& name, const std::string& user,
                const std::string& score) {
  return session + "," + name + "," + user + "," + score + ",3.0,3.0,3.0,3.0,3.0,3.0,0,delight,2,3,3,animal\n";
}

SetFolder small_set() {
  SetFolder folder;
  folder.write("PARA-UserInfo.csv", kUserHead +
                                        "A1,18-21,female,junior_high_school,beginner,competent,1,10,3,4,5\n"
                                        "A2,30,male,university,proficient,expert,6,7,8,9,10\nA3,,,,,,,,,,\n");
  folder.write("PARA-Images.csv", kImageHead + row("session1", "a.jpg", "A1", "3.5") +
                                      row("session2", "a.jpg", "A1", "1.0") + row("session1", "a.jpg", "A2", "5.0") +
                                      row("session1", "a.jpg", "A1", "4.0"));
  return folder;
}

RatingTable read(const SetFolder& folder) { return paa::read_ratings(folder.root(), "para"); }

}  // namespace

TEST_CASE("PARA: an age is a band, or one age", "[para]") {
  const RatingTable table = read(small_set());
  CHECK(table.people[0].profile.age_range == std::pair(18, 21));
  CHECK_FALSE(table.people[0].profile.age);
  CHECK(table.people[1].profile.age == 30);
  CHECK_FALSE(table.people[1].profile.age_range);
  const SetFolder folder = small_set();
  for (const char* age : {"21-18", "0-5", "18-", "-21", "a-b", "18-21-24", "100-130", "young", "0"}) {
    folder.write("PARA-UserInfo.csv", kUserHead + "A1," + age + ",,,,,,,,,\n");
    CHECK_REFUSED_AT(read(folder), "PARA-UserInfo.csv:2:4", "\"age\"");
  }
}

TEST_CASE("PARA: education is in words, experience on four levels", "[para]") {
  const RatingTable table = read(small_set());
  CHECK(table.people[0].profile.education == "junior_high_school");
  CHECK(table.people[0].profile.art_experience == "beginner");
  CHECK(table.people[0].profile.photography_experience == "competent");
  CHECK(table.people[1].profile.education == "university");
  CHECK(table.people[1].profile.art_experience == "proficient");
  CHECK(table.people[1].profile.photography_experience == "expert");
  const SetFolder folder = small_set();
  folder.write("PARA-UserInfo.csv", kUserHead + "A1,18-21,,,novice,,,,,,\n");
  CHECK_REFUSED_AT(read(folder), "PARA-UserInfo.csv:2:12", "proficient");
}

TEST_CASE("PARA: the columns E, A, N, O, C are the five traits, 1 to 10", "[para]") {
  const RatingTable table = read(small_set());
  const paa::BigFive expected = {
      .openness = 4, .conscientiousness = 5, .extraversion = 1, .agreeableness = 10, .neuroticism = 3};
  CHECK(table.people[0].profile.personality == expected);
  const SetFolder folder = small_set();
  for (const char* score : {"0", "11", "4.5"}) {
    folder.write("PARA-UserInfo.csv", kUserHead + "A1,18-21,,,,,,," + score + ",,\n");
    CHECK_REFUSED_AT(read(folder), "PARA-UserInfo.csv:2:16", "personality-N");
  }
}

TEST_CASE("PARA: a person of whom nothing is said has an empty profile", "[para]") {
  CHECK(read(small_set()).people[2].profile.empty());
}

TEST_CASE("PARA: scores go in half steps", "[para]") {
  const SetFolder folder = small_set();
  const RatingTable table = read(folder);
  CHECK((table.scale.low == 1 && table.scale.high == 5 && table.scale.step == 0.5));
  CHECK(table.ratings[0].value == 3.5F);
  folder.write("PARA-Images.csv", kImageHead + row("session1", "a.jpg", "A1", "3.3"));
  CHECK_REFUSED_AT(read(folder), "PARA-Images.csv:2:19", "steps of 0.5");
  folder.write("PARA-Images.csv", kImageHead + row("session1", "a.jpg", "A1", "5.5"));
  CHECK_REFUSED_AT(read(folder), "PARA-Images.csv:2:19", "1 to 5");
}

TEST_CASE("PARA: a photo is its session and its name", "[para]") {
  const SetFolder folder = small_set();
  const RatingTable table = read(folder);
  REQUIRE(table.photos.size() == 2);
  CHECK(table.photos[0].id == "session1/a.jpg");
  CHECK(table.photos[1].id == "session2/a.jpg");
  CHECK(table.photos[1].file == folder.root() / "imgs/session2/a.jpg");
  CHECK(table.photos[0].category == "animal");
  REQUIRE(table.left_out.size() == 1);
  CHECK(table.left_out[0].reason == paa::kDuplicateRating);
}

TEST_CASE("PARA: the generic train and test lists are the photos' splits", "[para]") {
  const SetFolder folder = small_set();
  CHECK(read(folder).photos[0].split == Split::kNone);
  folder.write("PARA-GiaaTrain.csv", kSplitHead + "a.jpg,session2,0,0,0,0,1,1.0\nz.jpg,session9,0,0,0,0,1,1.0\n");
  CHECK_THAT(refusal([&] { read(folder); }).message,
             Catch::Matchers::Contains("PARA-GiaaTest.csv belongs to PARA-GiaaTrain.csv"));
  folder.write("PARA-GiaaTest.csv", kSplitHead + "a.jpg,session1,0,0,0,0,1,1.0\n");
  const RatingTable table = read(folder);
  CHECK(table.photos[0].split == Split::kTest);
  CHECK(table.photos[1].split == Split::kTrain);
  CHECK(table.people[0].split == Split::kNone);
  CHECK_THAT(table.left_out.back().reason, Catch::Matchers::Contains("PARA-Images.csv lacks"));
  folder.write("PARA-GiaaTest.csv", kSplitHead + "a.jpg,session2,0,0,0,0,1,1.0\n");
  CHECK_REFUSED_AT(read(folder), "PARA-GiaaTest.csv:2:1", "\"train\" already");
}

TEST_CASE("PARA: the tables may lie in annotation/, and every rating's person must be known", "[para]") {
  const SetFolder folder = small_set();
  std::filesystem::create_directory(folder.root() / "annotation");
  for (const char* name : {"PARA-Images.csv", "PARA-UserInfo.csv"}) {
    std::filesystem::rename(folder.root() / name, folder.root() / "annotation" / name);
  }
  CHECK(read(folder).ratings.size() == 3);
  folder.write("annotation/PARA-Images.csv", kImageHead + row("session1", "a.jpg", "B7", "3.0"));
  CHECK_REFUSED_AT(read(folder), "PARA-Images.csv:2:16", "no such person");
  folder.write("annotation/PARA-Images.csv", kImageHead + row("..", "a.jpg", "A1", "3.0"));
  CHECK_REFUSED_AT(read(folder), "PARA-Images.csv:2:1", "within the set's folder");
}
