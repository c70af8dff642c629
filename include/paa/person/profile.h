#pragma once
// What is said of a person, and the words it becomes in a prompt.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paa/core/json.h"

namespace paa {

/// Big Five trait scores as PARA gives them, each 1..10.
struct BigFive {
  std::optional<int> openness, conscientiousness, extraversion, agreeableness, neuroticism;

  bool operator==(const BigFive&) const = default;
};

/// All fields are optional: a missing one is simply not said. An empty profile is "anyone".
/// Covers the fields of PARA, LAPIS and OASIS (data.md) and free text. A plain value.
struct Profile {
  std::optional<int> age;                        ///< years, 1..120 (excludes age_range)
  std::optional<std::pair<int, int>> age_range;  ///< years, both ends included, for sets that give a band ("18-21")
  std::optional<std::string> gender;          ///< "female" and "male" (also woman, f, man, m; any case) have words of
                                              ///< their own; any other is a "person"
  std::optional<std::string> education;       ///< in words: "high school", "university"
  std::optional<std::string> nationality;     ///< LAPIS
  std::optional<std::string> art_experience;  ///< PARA: beginner, competent, proficient, expert
  std::optional<std::string> photography_experience;  ///< PARA: same
  std::optional<double> art_interest;                 ///< LAPIS: VAIAK, 0..6
  std::optional<bool> colour_blind;                   ///< LAPIS
  BigFive personality;                                ///< PARA
  std::vector<std::string> interests;
  std::optional<std::string> about;  ///< free text: what the person likes, in their own words

  /// Whether no field is set: a profile that says nothing.
  bool empty() const;
  /// Whether it says anything in words of the person's own, interests or `about`, which may be what they like.
  bool has_free_text() const { return !interests.empty() || (about && !about->empty()); }
  bool operator==(const Profile&) const = default;
};

/// Limits of a profile, in UTF-8 bytes and numbers.
inline constexpr std::size_t kMaxProfileFieldBytes = 200;   ///< one short field, one interest
inline constexpr std::size_t kMaxProfileAboutBytes = 4000;  ///< the free text
inline constexpr std::size_t kMaxProfileInterests = 32;

/// Refuses values outside the stated ranges, texts that say nothing (blank, "_", "..."), are too long, not UTF-8 or
/// hold control characters (line breaks and tabs are allowed in `about`), and age beside age_range. Error:
/// kInvalidArgument, "ORIGIN: "FIELD" what". Thread-safe.
void check_profile(const Profile& profile, std::string_view origin);

/// Reads a profile object: fields named as above ("age_range": [18, 21], "personality": {"openness": 7}); null is
/// absent. Errors (kBadFormat): an unknown field is named, as are wrong types and what check_profile refuses.
/// Thread-safe.
Profile profile_from_json(const Json& json, std::string_view origin);
/// Same, from a file. Errors: also those of read_json.
Profile read_profile(const std::filesystem::path& path);
/// Only the fields that are set. profile_from_json(profile_to_json(p)) equals p.
Json profile_to_json(const Profile& profile);

/// The sentence templates a fusion file was trained with (contracts.md, "Wording"). "{name}" stands for a value; each
/// template holds each of its own names once, and no other braces. The defaults are the reference's for generic,
/// gender, age and education, and this project's own for the rest. A plain value.
struct ProfileWording {
  std::string generic = "anyone.";  ///< a profile without any field
  std::string woman = "a woman", man = "a man", person = "a person";
  int age_band = 5;  ///< years; an age is told as the band it lies in, counted from 0
  std::string age = "{low} to {high} years old";
  std::string one_age = "{age} years old";  ///< a band of one year
  std::string education = "{education}";
  std::string separator = ", ";  ///< between gender, age and education, which "." ends
  std::string nationality = "Nationality: {nationality}.";
  std::string art_experience = "Experience with art: {level}.";
  std::string photography_experience = "Experience with photography: {level}.";
  std::string art_interest = "Interest in art: {level}.";
  std::string colour_blind = "Colour blind.";
  std::string not_colour_blind = "Not colour blind.";
  std::string personality = "Personality: {traits}.";  ///< traits: "high openness, low neuroticism"
  std::string interests = "Interests: {interests}.";

  bool operator==(const ProfileWording&) const = default;
};

/// Reads templates; a key that is missing keeps its default. Errors (kBadFormat): an unknown key, a wrong type, a
/// template without its names or with others, each named. Thread-safe.
ProfileWording profile_wording_from_json(const Json& json, std::string_view origin);
/// All templates. profile_wording_from_json(profile_wording_to_json(w)) equals w.
Json profile_wording_to_json(const ProfileWording& wording);

/// The profile as prompt text: gender, age and education in one sentence ("a woman, 30 to 34 years old, university.";
/// what is missing goes with its comma), then one sentence for each further field in the order of Profile, then `about`
/// with white space made single spaces and a full stop at its end unless it has an end mark. An empty profile gives
/// wording.generic; any other begins with the first sentence, if only "a person.".
///
/// Words for values: underscores become spaces ("junior_high_school"); VAIAK interest below 2 is low, below 4 moderate,
/// else high; Big Five scores to 3 are low, to 7 average, else high. Deterministic; thread-safe.
/// Errors: those of check_profile; kInvalidArgument if wording.age_band is not 1..120.
std::string profile_text(const Profile& profile, const ProfileWording& wording = {});

}  // namespace paa
