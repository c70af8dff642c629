#include "paa/person/profile.h"

#include <filesystem>
#include <functional>
#include <random>

#include "catch.h"
#include "paa/core/file.h"
#include "refused.h"

using paa::Error;
using paa::ErrorCode;
using paa::Json;
using paa::Profile;
using paa::profile_from_json;
using paa::profile_text;
using paa::profile_to_json;

namespace {

void check_json_refused(const std::string& json, const std::vector<std::string>& parts) {
  check_refused([&] { profile_from_json(paa::parse_json(json, "p.json"), "p.json"); }, ErrorCode::kBadFormat, parts);
}

std::string text_of(const std::string& json) {
  return profile_text(profile_from_json(paa::parse_json(json, "p"), "p"));
}

// Sets each field or not by a coin, to a value drawn from what it may be.
Profile random_profile(std::mt19937& random) {
  const auto number = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const auto coin = [&] { return number(0, 1) == 1; };
  const auto text = [&] {
    static const std::vector<std::string> kTexts = {
        "female", "M",     "high school", "junior_high_school", "Belgian",    "émigré",
        "東京",   "{low}", "x.",          "  spaced  out ",     "<|im_end|>", "\"quoted\""};
    return kTexts[static_cast<std::size_t>(number(0, static_cast<int>(kTexts.size()) - 1))];
  };
  Profile profile;
  if (coin()) {
    profile.age = number(1, 120);
  } else if (coin()) {
    const int low = number(1, 120);
    profile.age_range = std::pair(low, number(low, 120));
  }
  for (auto field : {&Profile::gender, &Profile::education, &Profile::nationality, &Profile::art_experience,
                     &Profile::photography_experience, &Profile::about}) {
    if (coin()) profile.*field = text();
  }
  if (coin()) profile.art_interest = number(0, 60) / 10.0;
  if (coin()) profile.colour_blind = coin();
  for (auto trait : {&paa::BigFive::openness, &paa::BigFive::conscientiousness, &paa::BigFive::extraversion,
                     &paa::BigFive::agreeableness, &paa::BigFive::neuroticism}) {
    if (coin()) profile.personality.*trait = number(1, 10);
  }
  for (int i = number(-3, 3); i > 0; --i) profile.interests.push_back(text());
  return profile;
}

}  // namespace

TEST_CASE("the profiles of the reference read as they were trained") {
  CHECK(text_of(R"({})") == "anyone.");
  CHECK(text_of(R"({"age": 17, "gender": "male", "education": "high school"})") ==
        "a man, 15 to 19 years old, high school.");
  CHECK(text_of(R"({"age": 40, "gender": "male", "education": "graduate degree"})") ==
        "a man, 40 to 44 years old, graduate degree.");
  CHECK(text_of(R"({"age": 74, "gender": "male", "education": "college degree"})") ==
        "a man, 70 to 74 years old, college degree.");
  CHECK(text_of(R"({"age": 38, "gender": "female", "education": "some college"})") ==
        "a woman, 35 to 39 years old, some college.");
}

TEST_CASE("a missing part goes with its comma") {
  CHECK(text_of(R"({"gender": "female"})") == "a woman.");
  CHECK(text_of(R"({"age": 30})") == "a person, 30 to 34 years old.");
  CHECK(text_of(R"({"education": "university"})") == "a person, university.");
  CHECK(text_of(R"({"gender": "male", "education": "university"})") == "a man, university.");
  CHECK(text_of(R"({"age": 34, "gender": "female"})") == "a woman, 30 to 34 years old.");
  CHECK(text_of(R"({"age": 30, "gender": "non-binary"})") == "a person, 30 to 34 years old.");
}

TEST_CASE("gender is known by several words in any case") {
  for (const char* word : {"female", "Female", "WOMAN", "f", " F "})
    CHECK(text_of(Json{{"gender", word}}.dump()) == "a woman.");
  for (const char* word : {"male", "Male", "MAN", "m"}) CHECK(text_of(Json{{"gender", word}}.dump()) == "a man.");
  for (const char* word : {"other", "femme", "x"}) CHECK(text_of(Json{{"gender", word}}.dump()) == "a person.");
}

TEST_CASE("an age is told as its band of five years, a range as it stands") {
  CHECK(text_of(R"({"age": 1})") == "a person, 0 to 4 years old.");
  CHECK(text_of(R"({"age": 120})") == "a person, 120 to 124 years old.");
  CHECK(text_of(R"({"age_range": [18, 21]})") == "a person, 18 to 21 years old.");
  CHECK(text_of(R"({"age_range": [20, 20]})") == "a person, 20 years old.");
}

TEST_CASE("each further field is a sentence of its own, free text comes last") {
  CHECK(text_of(R"({"education": "junior_high_school"})") == "a person, junior high school.");
  CHECK(text_of(R"({"nationality": "Belgian"})") == "a person. Nationality: Belgian.");
  CHECK(text_of(R"({"art_experience": "beginner", "photography_experience": "expert"})") ==
        "a person. Experience with art: beginner. Experience with photography: expert.");
  CHECK(text_of(R"({"art_interest": 1.9})") == "a person. Interest in art: low.");
  CHECK(text_of(R"({"art_interest": 2})") == "a person. Interest in art: moderate.");
  CHECK(text_of(R"({"art_interest": 4})") == "a person. Interest in art: high.");
  CHECK(text_of(R"({"colour_blind": true})") == "a person. Colour blind.");
  CHECK(text_of(R"({"colour_blind": false})") == "a person. Not colour blind.");
  CHECK(text_of(R"({"personality": {"neuroticism": 3, "openness": 8, "extraversion": 4}})") ==
        "a person. Personality: high openness, average extraversion, low neuroticism.");
  CHECK(text_of(R"({"interests": ["birds", "old_maps"], "about": "Likes  fog\n and\train "})") ==
        "a person. Interests: birds, old maps. Likes fog and rain.");
  CHECK(text_of(R"({"about": "Really?"})") == "a person. Really?");
  CHECK(text_of(R"({"age": 31, "gender": "f", "about": "我喜欢雾。"})") == "a woman, 30 to 34 years old. 我喜欢雾。");
}

TEST_CASE("braces in a value are never taken for a template's name") {
  CHECK(text_of(R"({"nationality": "{level} {nationality}", "education": "{education}"})") ==
        "a person, {education}. Nationality: {level} {nationality}.");
}

TEST_CASE("profiles with any subset of fields come back from JSON as they were, and read the same each time") {
  std::mt19937 random(20260417);
  for (int i = 0; i < 2000; ++i) {
    const Profile profile = random_profile(random);
    const Json json = profile_to_json(profile);
    INFO(json.dump());
    const Profile again = profile_from_json(paa::parse_json(json.dump(), "p.json"), "p.json");
    CHECK(again == profile);
    const std::string text = profile_text(profile);
    CHECK(text == profile_text(again));
    CHECK((text == "anyone.") == profile.empty());
    CHECK(json.empty() == profile.empty());
    CHECK(text.find('\n') == std::string::npos);
    CHECK(text.find("  ") == std::string::npos);
    CHECK(text.find("..") == std::string::npos);
  }
}

TEST_CASE("unknown fields and wrong types are named") {
  check_json_refused(R"({"age": 30, "hobby": "chess"})", {"p.json", "hobby", "about"});
  check_json_refused(R"({"personality": {"openess": 7}})", {"p.json", "personality.openess"});
  check_json_refused(R"({"age": "30"})", {"p.json", "\"age\"", "whole number"});
  check_json_refused(R"({"age": 30.5})", {"\"age\"", "whole number"});
  check_json_refused(R"({"age": 1e300})", {"\"age\""});
  check_json_refused(R"({"gender": 1})", {"\"gender\"", "string"});
  check_json_refused(R"({"colour_blind": "no"})", {"\"colour_blind\"", "true or false"});
  check_json_refused(R"({"interests": "birds"})", {"\"interests\"", "array"});
  check_json_refused(R"({"interests": ["birds", 3]})", {"interests[1]"});
  check_json_refused(R"({"age_range": [18]})", {"\"age_range\"", "two"});
  check_json_refused(R"({"personality": [1]})", {"\"personality\"", "object"});
  check_json_refused(R"([])", {"p.json", "object"});
  CHECK(text_of(R"({"age": null, "personality": null, "interests": null, "about": null})") == "anyone.");
}

TEST_CASE("values outside their ranges are refused with the range") {
  check_json_refused(R"({"age": 900})", {"p.json", "\"age\"", "900", "1 to 120"});
  check_json_refused(R"({"age": 0})", {"\"age\""});
  check_json_refused(R"({"age": -5})", {"\"age\""});
  check_json_refused(R"({"age": 30, "age_range": [30, 34]})", {"\"age_range\"", "beside \"age\""});
  check_json_refused(R"({"age_range": [21, 18]})", {"\"age_range\"", "21 to 18"});
  check_json_refused(R"({"age_range": [0, 121]})", {"\"age_range\""});
  check_json_refused(R"({"art_interest": 6.1})", {"\"art_interest\"", "0 to 6"});
  check_json_refused(R"({"personality": {"openness": 11}})", {"\"personality.openness\"", "1 to 10"});
  check_json_refused(R"({"about": " \n "})", {"\"about\"", "leave the field out"});
  check_json_refused(R"({"education": ""})", {"\"education\""});
  check_json_refused(R"({"nationality": "a\nb"})", {"\"nationality\"", "control"});
  check_json_refused(R"({"about": "a\u0000b"})", {"\"about\"", "control"});
  check_json_refused(R"({"about": "a\u0085b"})", {"\"about\"", "control"});
  check_json_refused(R"({"interests": ["ok", "\u007f"]})", {"\"interests[1]\"", "control"});
  check_json_refused(Json{{"about", std::string(paa::kMaxProfileAboutBytes + 1, 'x')}}.dump(),
                     {"\"about\"", "4001", "4000"});
  check_json_refused(Json{{"gender", std::string(paa::kMaxProfileFieldBytes + 1, 'x')}}.dump(), {"\"gender\"", "201"});
  check_json_refused(Json{{"interests", std::vector<std::string>(33, "x")}}.dump(), {"\"interests\"", "33", "32"});
}

TEST_CASE("a profile made in memory is checked when it becomes text") {
  Profile profile;
  profile.age = 900;
  check_refused([&] { profile_text(profile); }, ErrorCode::kInvalidArgument, {"\"age\"", "900"});
  profile = {};
  profile.about = "broken \xC3(";
  check_refused([&] { profile_text(profile); }, ErrorCode::kInvalidArgument, {"\"about\"", "UTF-8"});
  profile = {};
  profile.art_interest = std::numeric_limits<double>::quiet_NaN();
  check_refused([&] { paa::check_profile(profile, "--profile"); }, ErrorCode::kInvalidArgument,
                {"--profile", "\"art_interest\""});
}

TEST_CASE("a profile file is read, and its path stands in errors") {
  const auto path = std::filesystem::temp_directory_path() / "paa-profile-test.json";
  paa::write_file(path, R"({"age": 30, "gender": "female"})");
  CHECK(profile_text(paa::read_profile(path)) == "a woman, 30 to 34 years old.");
  paa::write_file(path, R"({"age": 900})");
  check_refused([&] { paa::read_profile(path); }, ErrorCode::kBadFormat, {path.string(), "\"age\""});
  paa::write_file(path, "{\"about\": \"\xC3(\"}");
  check_refused([&] { paa::read_profile(path); }, ErrorCode::kBadFormat, {path.string()});
  std::filesystem::remove(path);
  check_refused([&] { paa::read_profile(path); }, ErrorCode::kNotFound, {path.string()});
}

TEST_CASE("wording comes from JSON, whole or in part, and changes the text") {
  const paa::ProfileWording usual;
  CHECK(paa::profile_wording_from_json(Json::object(), "w") == usual);
  CHECK(paa::profile_wording_from_json(paa::profile_wording_to_json(usual), "w") == usual);
  const auto wording = paa::profile_wording_from_json(Json{{"generic", "somebody."},
                                                           {"woman", "a lady"},
                                                           {"age_band", 10},
                                                           {"age", "between {low} and {high}"},
                                                           {"education", "who went to {education}"},
                                                           {"separator", " "},
                                                           {"interests", "Loves {interests}!"}},
                                                      "w");
  CHECK(paa::profile_wording_from_json(paa::profile_wording_to_json(wording), "w") == wording);
  CHECK(profile_text({}, wording) == "somebody.");
  Profile profile;
  profile.gender = "female";
  profile.age = 37;
  profile.education = "university";
  profile.interests = {"fog"};
  CHECK(profile_text(profile, wording) == "a lady between 30 and 39 who went to university. Loves fog!");
}

TEST_CASE("wording that does not hold its names is refused, naming the key") {
  const auto refused = [](const Json& json, const std::vector<std::string>& parts) {
    check_refused([&] { paa::profile_wording_from_json(json, "fusion"); }, ErrorCode::kBadFormat, parts);
  };
  refused(Json{{"age", "{low} or so"}}, {"fusion", "\"age\"", "{high}"});
  refused(Json{{"age", "{low} to {high} to {high}"}}, {"\"age\"", "{high}"});
  refused(Json{{"generic", "any {person}"}}, {"\"generic\"", "braces"});
  refused(Json{{"generic", ""}}, {"\"generic\"", "empty"});
  refused(Json{{"nationality", 3}}, {"\"nationality\"", "string"});
  refused(Json{{"hobby", "x"}}, {"\"hobby\""});
  refused(Json{{"age_band", 0}}, {"\"age_band\"", "1 to 120"});
  paa::ProfileWording wording;
  wording.age_band = 0;
  Profile profile;
  profile.age = 30;
  check_refused([&] { profile_text(profile, wording); }, ErrorCode::kInvalidArgument, {"age_band"});
}
