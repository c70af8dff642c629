#include <random>

#include "catch.h"
#include "paa/person/person.h"
#include "refused.h"
#include "sample_person.h"

using paa::ErrorCode;
using paa::Json;
using paa::parse_json;
using paa::Person;
using paa::person_from_json;
using paa::person_to_json;

namespace {

std::string sample_text() { return person_to_json(sample_person()).dump(1); }

Person person_from_text(const std::string& text) { return person_from_json(parse_json(text, "p.json"), "p.json"); }

// The sample with one thing changed.
void refuse(const std::function<void(Json&)>& change, const std::vector<std::string>& parts,
            ErrorCode code = ErrorCode::kBadFormat) {
  Json json = person_to_json(sample_person());
  change(json);
  check_refused([&] { person_from_json(json, "p.json"); }, code, parts);
}

}  // namespace

TEST_CASE("A person comes back as it was written", "[person]") {
  CHECK(person_from_text(sample_text()) == sample_person());
  CHECK(person_from_text(person_to_json(Person()).dump()) == Person());
}

TEST_CASE("Equal persons give equal bytes", "[person]") {
  CHECK(person_to_json(person_from_text(sample_text())).dump(1) == sample_text());
}

TEST_CASE("A file of an early version, without later fields, is read", "[person]") {
  CHECK(person_from_text(R"({"format": "paa-person", "version": 1})") == Person());
}

TEST_CASE("A file of a newer version is refused and says what to do", "[person]") {
  refuse([](Json& json) { json["version"] = paa::kPersonVersion + 1; }, {"p.json", "newer version", "update"},
         ErrorCode::kUnsupported);
}

TEST_CASE("Mistakes in a person file are told with their place", "[person]") {
  refuse([](Json& json) { json["format"] = "paa-model"; }, {"format"});
  refuse([](Json& json) { json["colour"] = 1; }, {"colour"});
  refuse([](Json& json) { json["verdicts"][0]["stars"] = 8; }, {"verdicts[0].stars", "8", "1 to 7"});
  refuse([](Json& json) { json["verdicts"][0]["photo"] = "sea.jpg"; }, {"verdicts[0].photo", "sea.jpg", "SHA-256"});
  refuse([](Json& json) { json["verdicts"][1]["other"] = json["verdicts"][1]["photo"]; }, {"verdicts[1]", "itself"});
  refuse([](Json& json) { json["verdicts"][0]["kind"] = "likes"; }, {"verdicts[0]", "likes"});
  refuse([](Json& json) { json["verdicts"][0]["time"] = "yesterday"; }, {"time", "yesterday"});
  refuse([](Json& json) { json["verdicts"][0]["time"] = "2026-02-30T08:00:00.000Z"; }, {"time"});
  refuse([](Json& json) { json["scale"] = {7, 1}; }, {"scale", "upwards"});
  refuse([](Json& json) { json["photos"][photo_hash('a')]["features"]["model-1"] = "AAA"; }, {"model-1", "base64"});
  refuse([](Json& json) { json["photos"]["x"] = Json::object(); }, {"photos", "SHA-256"});
  refuse([](Json& json) { json["asked"][0] = photo_hash('b') + "+" + photo_hash('a'); }, {"asked[0]", "smaller"});
  refuse([](Json& json) { json["concepts"].push_back(json["concepts"][0]); }, {"concepts[1]", "twice"});
  refuse([](Json& json) { json["concepts"][0]["low_words"] = Json::array(); }, {"low_words"});
  refuse([](Json& json) { json["profile"]["age"] = 200; }, {"profile", "age"});
  refuse([](Json& json) { json["interviews"] = 3; }, {"interviews"});
}

TEST_CASE("A file that was cut off anywhere is refused", "[person]") {
  const std::string text = sample_text();
  for (std::size_t length = 0; length < text.size(); ++length) {
    INFO(length);
    CHECK_THROWS_AS(person_from_text(text.substr(0, length)), paa::Error);
  }
}

TEST_CASE("Damaged bytes are refused or make another valid person, never a crash", "[person]") {
  const std::string text = sample_text();
  std::mt19937 random(7);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    try {
      check_person(person_from_text(damaged), "damaged");
    } catch (const paa::Error&) {
      ++refused;
    }
  }
  CHECK(refused > 1000);
}
