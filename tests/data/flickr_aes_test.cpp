#include "paa/data/read_ratings.h"
#include "set_folder.h"

using paa::RatingTable;

namespace {

constexpr const char* kRows = "FLICKR-AES_image_labeled_by_each_worker.csv";
constexpr const char* kPhotos = "FLICKR-AES_image_score.txt";
const std::string kHead = "worker, imagePair, score\r\n";

SetFolder small_set() {
  SetFolder folder;
  folder.write(kPhotos, " farm1_a.jpg 0.25\r\n farm2_b.jpg 0.5\nfarm3_c.jpg 1\n");
  folder.write(kRows, kHead + "A1, farm2_b.jpg, 5\r\nA2,farm2_b.jpg,1\r\nA1, farm1_a.jpg, 3\r\n");
  return folder;
}

RatingTable read(const SetFolder& folder) { return paa::read_ratings(folder.root(), "flickr-aes"); }

}  // namespace

TEST_CASE("FLICKR-AES: spaces lead the names in header, rows and image list", "[flickr]") {
  const SetFolder folder = small_set();
  std::filesystem::create_directory(folder.root() / "40K");
  const RatingTable table = read(folder);
  REQUIRE(table.photos.size() == 3);
  CHECK(table.photos[0].id == "farm1_a.jpg");
  CHECK(table.photos[0].file == folder.root() / "40K/farm1_a.jpg");
  REQUIRE(table.ratings.size() == 3);
  CHECK((table.ratings[0].photo == 1 && table.ratings[0].person == 0 && table.ratings[0].value == 5));
  CHECK((table.ratings[1].photo == 1 && table.ratings[1].person == 1 && table.ratings[1].value == 1));
  CHECK(table.people[1].id == "A2");
}

TEST_CASE("FLICKR-AES: nothing is said of the workers", "[flickr]") {
  for (const auto& person : read(small_set()).people) CHECK(person.profile.empty());
}

TEST_CASE("FLICKR-AES: what is wrong is named with its place", "[flickr]") {
  const SetFolder folder = small_set();
  folder.write(kRows, kHead + "A1, farm2_b.jpg, 6\r\n");
  CHECK_REFUSED_AT(read(folder), "each_worker.csv:2:18", "1 to 5");
  folder.write(kRows, kHead + "A1, farm9_x.jpg, 5\r\n");
  CHECK_REFUSED_AT(read(folder), "each_worker.csv:2:5", "no such photo");
  folder.write(kRows, kHead + "A1, farm2_b.jpg, 5\r\n, farm2_b.jpg, 5\n");
  CHECK_REFUSED_AT(read(folder), "each_worker.csv:3:1", "name a person");
  folder.write(kRows, "worker, image, score\n");
  CHECK_REFUSED_AT(read(folder), "each_worker.csv:1:1", "\"imagePair\" nowhere");
  folder.write(kPhotos, " farm1_a.jpg 0.25\n farm2_b.jpg\n");
  CHECK_REFUSED_AT(read(folder), "image_score.txt:2:2", "name, a space and its score");
  folder.write(kPhotos, " farm1_a.jpg 0.25\n farm2_b.jpg good\n");
  CHECK_REFUSED_AT(read(folder), "image_score.txt:2:14", "number");
  folder.write(kPhotos, " farm1_a.jpg 0.25\nfarm1_a.jpg 0.3\n");
  CHECK_REFUSED_AT(read(folder), "image_score.txt:2:1", "above already");
}
