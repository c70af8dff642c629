// Preferences need evidence.

#include "paa/person/preference.h"

#include "core/refusal.h"

using paa::Polarity;
using paa::Preference;

namespace {

Preference sample() {
  return {"likes old boats", "old boats", Polarity::kLike, 3, 0.75, "objects", "i", 4, "I love old boats"};
}

}  // namespace

TEST_CASE("A preference comes back from JSON as it was", "[preference]") {
  CHECK(paa::preference_from_json(paa::preference_to_json(sample()), "p") == sample());
}

TEST_CASE("A preference without evidence or out of range is refused by name", "[preference]") {
  const auto refused = [](auto change) {
    Preference preference = sample();
    change(preference);
    return refusal([&] { paa::check_preference(preference, "p"); }).message;
  };
  CHECK(refused([](auto& p) { p.quote.clear(); }).find("quote") != std::string::npos);
  CHECK(refused([](auto& p) { p.subject = "a\x1b[0m"; }).find("subject") != std::string::npos);
  CHECK(refused([](auto& p) { p.statement = std::string(501, 'x'); }).find("statement") != std::string::npos);
  CHECK(refused([](auto& p) { p.strength = 0; }).find("strength") != std::string::npos);
  CHECK(refused([](auto& p) { p.confidence = 1.1; }).find("confidence") != std::string::npos);
  CHECK(refused([](auto& p) { p.turn = 0; }).find("turn") != std::string::npos);
  auto json = paa::preference_to_json(sample());
  json["polarity"] = "adore";
  CHECK(refusal([&] { paa::preference_from_json(json, "p"); }).code == paa::ErrorCode::kBadFormat);
}

TEST_CASE("A quote is found whatever its case and spaces", "[preference]") {
  CHECK(paa::is_quoted_from("i LOVE  boats", "Well, I love\nboats."));
  CHECK_FALSE(paa::is_quoted_from("I love cats", "I love boats"));
  CHECK_FALSE(paa::is_quoted_from("", "x"));
  CHECK_FALSE(paa::is_quoted_from("  ", "x  y"));
}

TEST_CASE("Subjects are compared by the words that mean something", "[preference]") {
  CHECK(paa::content_words("The old Boats") == std::vector<std::string>{"boat", "old"});
  CHECK(paa::content_words("beaches, glasses, stories and bushes") == std::vector<std::string>{"beach", "bush", "glass", "story"});
  CHECK(paa::same_subject("old boats", "a boat"));
  CHECK(paa::same_subject("photos of cities", "city"));
  CHECK_FALSE(paa::same_subject("old boats", "new boats"));
  CHECK_FALSE(paa::same_subject("boats", "goats"));
  CHECK(paa::contradictions({sample(), [] { auto p = sample(); p.polarity = Polarity::kDislike; return p; }()}).size() == 1);
}
