// Tables cut short and damaged at random: whatever comes out must be rows or an error that names line and column.

#include <regex>

#include "paa/core/random.h"
#include "paa/data/csv_reader.h"
#include "paa/data/read_ratings.h"
#include "paa/text/utf8.h"
#include "set_folder.h"

namespace {

const std::string kUsers =
    "user_id,age,gender,education,split\r\nu1,37,male,\"graduate, degree\",train\r\nu2,20,female,,test\r\n";
const std::string kImages =
    "image_id,file,theme,category,split\r\ni1,images/i1.jpg,\"Acorns "
    "\"\"big\"\"\",Object,train\r\ni2,images/i2.jpg,Caf\xC3\xA9,Scene,val\r\n";
const std::string kRatings = "user_id,image_id,score\r\nu1,i1,5\r\nu2,i1,3\r\nu2,i2,7\r\n";

// Counts how a reading ended; an error of the format must say where.
struct Outcome {
  int whole = 0, refused = 0;

  template <class Call>
  void of(const std::string& file, Call&& call) {
    try {
      call();
      ++whole;
    } catch (const paa::Error& error) {
      INFO(error.what());
      CHECK(error.code() == paa::ErrorCode::kBadFormat);
      CHECK(std::regex_search(error.what(), std::regex(file + R"(\.csv:\d+:\d+: )")));
      ++refused;
    }
  }
};

std::string damaged(std::string text, paa::Random& random) {
  constexpr std::string_view kTelling("\"\"\n\r,;\0\xFF\xE9 x9-", 13);
  for (std::uint64_t changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
    const auto at = static_cast<std::size_t>(random.below(text.size()));
    const char letter = kTelling[static_cast<std::size_t>(random.below(kTelling.size()))];
    switch (random.below(4)) {
      case 0: text[at] = letter; break;
      case 1: text.insert(at, 1, letter); break;
      case 2: text.erase(at, 1 + static_cast<std::size_t>(random.below(4))); break;
      default: text.insert(at, text.substr(at, 1 + static_cast<std::size_t>(random.below(9)))); break;
    }
  }
  return text;
}

SetFolder oasis_like() {
  SetFolder folder;
  folder.write("users.csv", kUsers);
  folder.write("images.csv", kImages);
  folder.write("ratings.csv", kRatings);
  return folder;
}

}  // namespace

TEST_CASE("A table cut anywhere is read or refused with its place", "[csv]") {
  for (const auto& [name, text] :
       {std::pair("users", kUsers), std::pair("images", kImages), std::pair("ratings", kRatings)}) {
    Outcome outcome;
    const SetFolder folder = oasis_like();
    for (std::size_t length = 0; length < text.size(); ++length) {
      folder.write(std::string(name) + ".csv", text.substr(0, length));
      outcome.of("(users|images|ratings)", [&] { paa::read_ratings(folder.root(), "oasis"); });
    }
    CHECK(outcome.refused > 0);
    CHECK(outcome.whole > 0);
  }
}

TEST_CASE("A table damaged at random is read or refused with its place", "[csv]") {
  paa::Random random(4);
  Outcome outcome;
  const SetFolder folder = oasis_like();
  for (int round = 0; round < 2000; ++round) {
    folder.write("users.csv", random.below(2) == 0 ? kUsers : damaged(kUsers, random));
    folder.write("images.csv", random.below(2) == 0 ? kImages : damaged(kImages, random));
    folder.write("ratings.csv", damaged(kRatings, random));
    outcome.of("(users|images|ratings)", [&] { paa::read_ratings(folder.root(), "oasis"); });
  }
  CHECK(outcome.refused > 200);
  CHECK(outcome.whole > 0);
}

TEST_CASE("Bytes at random are rows or refused with their place, in any encoding", "[csv]") {
  paa::Random random(5);
  Outcome outcome;
  const SetFolder folder;
  for (int round = 0; round < 2000; ++round) {
    std::string text = "a,b\n";
    for (std::uint64_t i = random.below(40); i > 0; --i)
      text += std::string_view("\"\n\r, ab\xC3\xA9\0", 10)[random.below(10)];
    const auto path = folder.write("noise.csv", text);
    const paa::CsvOptions options = {
        .separator = random.below(2) == 0 ? ',' : ' ',
        .encoding = random.below(2) == 0 ? paa::CsvEncoding::kUtf8 : paa::CsvEncoding::kLatin1,
        .has_header = random.below(2) == 0,
        .trim = random.below(2) == 0};
    outcome.of("noise", [&] {
      paa::CsvReader reader(path, options);
      while (reader.next()) {
        for (std::size_t i = 0; i < reader.size(); ++i) CHECK(paa::is_utf8(reader[i]));
      }
    });
  }
  CHECK(outcome.refused > 200);
  CHECK(outcome.whole > 0);
}
