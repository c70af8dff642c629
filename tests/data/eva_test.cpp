#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::RatingTable;

namespace {

const std::string kUserHead = "id=age=region=photographic_level_id=gender_id=eyecheck\n";
const std::string kVoteHead =
    "image_id=user_id=score=difficulty=visual=composition=quality=semantic=vote_time=1=2=3=4\n";

std::string vote(const std::string& image, const std::string& user, const std::string& score) {
  return image + "=" + user + "=" + score + "=3=3=4=3=3=12.5=1=0=0=1\n";
}

SetFolder set_of(const std::string& users, const std::string& votes) {
  SetFolder folder;
  folder.write("users.csv", kUserHead + users);
  folder.write("votes_filtered.csv", kVoteHead + votes);
  return folder;
}

RatingTable read(const SetFolder& folder) { return paa::read_ratings(folder.root(), "eva"); }

}  // namespace

TEST_CASE("EVA: fields are parted by = and numbers written 1992.0", "[eva]") {
  const SetFolder folder = set_of("E1=1992.0=156.0=2.0=2.0=1\nE2=1967.0=250.0=3.0=1.0=1,2\n",
                                  vote("71", "E2", "10") + vote("71", "E1", "0") + vote("106", "E1", "7.0"));
  const RatingTable table = read(folder);
  REQUIRE(table.ratings.size() == 3);
  CHECK((table.ratings[0].person == 1 && table.ratings[0].photo == 0 && table.ratings[0].value == 10));
  CHECK(table.ratings[1].value == 0);
  CHECK(table.ratings[2].value == 7);
  CHECK(table.photos[1].id == "106");
  CHECK((table.scale.low == 0 && table.scale.high == 10 && table.scale.step == 1));
}

TEST_CASE("EVA: an age is the set's year less the birth year", "[eva]") {
  const RatingTable table = read(set_of("E1=1992.0=156.0=2.0=2.0=1\n", vote("71", "E1", "5")));
  CHECK(table.people[0].profile.age == paa::kEvaYear - 1992);
}

TEST_CASE("EVA: a birth year that gives no age is left out, the person stays", "[eva]") {
  const RatingTable table = read(
      set_of("E1=0.0=1=1=1=\nE2=2020=1=1=1=\nE3=1899=1=1=1=\nE4=1900=1=1=1=\nE5==1=1=1=\n", vote("71", "E1", "5")));
  CHECK_FALSE(table.people[0].profile.age);
  CHECK_FALSE(table.people[1].profile.age);
  CHECK_FALSE(table.people[2].profile.age);
  CHECK(table.people[3].profile.age == 120);
  CHECK(table.ratings.size() == 1);
  REQUIRE(table.left_out.size() == 1);
  CHECK(table.left_out[0].count == 3);
}

TEST_CASE("EVA: codes become words", "[eva]") {
  const RatingTable table =
      read(set_of("E0=1990=1=0=0=0\nE1=1990=1=1.0=1.0=1\nE2=1990=1=2.0=2.0=2\nE3=1990=1=3=1=1,2\nE4=1990====\n", ""));
  const char* levels[] = {"none", "beginner", "amateur", "professional"};
  for (std::size_t i = 0; i < 4; ++i) CHECK(table.people[i].profile.photography_experience == levels[i]);
  CHECK_FALSE(table.people[0].profile.gender);
  CHECK(table.people[1].profile.gender == "male");
  CHECK(table.people[2].profile.gender == "female");
  CHECK(table.people[0].profile.colour_blind == false);
  CHECK(table.people[1].profile.colour_blind == false);
  CHECK(table.people[2].profile.colour_blind == true);
  CHECK(table.people[3].profile.colour_blind == true);
  CHECK_FALSE(table.people[4].profile.photography_experience);
  CHECK_FALSE(table.people[4].profile.colour_blind);
}

TEST_CASE("EVA: photos are looked for where they were unpacked", "[eva]") {
  const SetFolder folder = set_of("E1=1992.0=1=1=1=\n", vote("71", "E1", "5"));
  folder.write("images/71.jpg", "");
  CHECK(read(folder).photos[0].file == folder.root() / "images/71.jpg");
  folder.write("images/EVA_together/71.jpg", "");
  CHECK(read(folder).photos[0].file == folder.root() / "images/EVA_together/71.jpg");
}

TEST_CASE("EVA: what is wrong is named with its place", "[eva]") {
  const std::string users = "E1=1992.0=156.0=2.0=2.0=1\n";
  CHECK_REFUSED_AT(read(set_of(users, vote("71", "E9", "5"))), "votes_filtered.csv:2:4",
                   "users.csv has no such person");
  CHECK_REFUSED_AT(read(set_of(users, vote("71", "E1", "11"))), "votes_filtered.csv:2:7", "0 to 10");
  CHECK_REFUSED_AT(read(set_of(users, vote("71", "E1", "5.5"))), "votes_filtered.csv:2:7", "steps of 1");
  CHECK_REFUSED_AT(read(set_of("E1=young=1=1=1=\n", "")), "users.csv:2:4", "\"age\"");
  CHECK_REFUSED_AT(read(set_of("E1=1990.5=1=1=1=\n", "")), "users.csv:2:4", "whole number");
  CHECK_REFUSED_AT(read(set_of("E1=1990=1=4=1=\n", "")), "users.csv:2:11", "0 to 3");
  CHECK_REFUSED_AT(read(set_of("E1=1990=1=1=3=\n", "")), "users.csv:2:13", "0 to 2");
  CHECK_REFUSED_AT(read(set_of("E1=1990=1=1=1=blue\n", "")), "users.csv:2:15", "1,2");
  CHECK_REFUSED_AT(read(set_of(users + users, "")), "users.csv:3:1", "above already");
}
