#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::ErrorCode;
using paa::RatingTable;

namespace {

RatingTable read(const SetFolder& folder) { return paa::read_ratings(folder.root(), "real-cur"); }

}  // namespace

TEST_CASE("REAL-CUR: the score is the folder that a photo lies in", "[real-cur]") {
  const SetFolder folder;
  for (const char* file : {"images/w2/5/a.jpg", "images/w1/3/b.JPG", "images/w1/1/a.jpg", "images/w1/3/a.png"}) {
    folder.write(file, "");
  }
  const RatingTable table = read(folder);
  REQUIRE(table.people.size() == 2);
  CHECK(table.people[0].id == "w1");
  REQUIRE(table.ratings.size() == 4);
  CHECK(table.photos[0].id == "w1/a.jpg");
  CHECK(table.photos[0].file == folder.root() / "images/w1/1/a.jpg");
  CHECK(table.ratings[0].value == 1);
  CHECK(table.photos[2].id == "w1/b.JPG");
  CHECK(table.ratings[2].value == 3);
  CHECK((table.photos[3].id == "w2/a.jpg" && table.ratings[3].person == 1 && table.ratings[3].value == 5));
}

TEST_CASE("REAL-CUR: a photo under two scores counts once, other files are left out", "[real-cur]") {
  const SetFolder folder;
  for (const char* file :
       {"images/w1/2/a.jpg", "images/w1/4/a.jpg", "images/w1/4/notes.txt", "images/w1/4/.hidden", "images/read.me"}) {
    folder.write(file, "");
  }
  const RatingTable table = read(folder);
  REQUIRE(table.ratings.size() == 1);
  CHECK(table.ratings[0].value == 2);
  std::size_t left_out = 0;
  for (const auto& entry : table.left_out) left_out += entry.count;
  CHECK(left_out == 3);
  CHECK_THAT(table.left_out[0].example + table.left_out[1].example + table.left_out[2].example,
             Catch::Matchers::Contains("notes.txt") && Catch::Matchers::Contains("read.me") &&
                 Catch::Matchers::Contains("4/a.jpg"));
}

TEST_CASE("REAL-CUR: a folder that is no score is named", "[real-cur]") {
  for (const char* score : {"0", "6", "good", "4.5", "04x"}) {
    const SetFolder folder;
    const auto file = folder.write(std::string("images/w1/") + score + "/a.jpg", "");
    const Refusal refused = refusal([&] { read(folder); });
    CHECK(refused.code == ErrorCode::kBadFormat);
    CHECK_THAT(refused.message, Catch::Matchers::Contains(file.parent_path().string()));
  }
  const SetFolder empty;
  CHECK(refusal([&] { read(empty); }).code == ErrorCode::kNotFound);
}
