#pragma once
// What is said of a person, and the words it becomes in a prompt.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"

namespace paa {

/// Big Five trait scores as PARA gives them, each 1..10.
struct BigFive {
  std::optional<int> openness, conscientiousness, extraversion, agreeableness, neuroticism;
};

/// All fields are optional: a missing one is simply not said. An empty profile is "anyone".
/// Covers the fields of PARA, LAPIS and OASIS (data.md) and free text. A plain value.
struct Profile {
  std::optional<int> age;              ///< years, 1..120 (excludes age_range)
  std::optional<std::pair<int, int>> age_range;  ///< years, both ends included, for sets that give a band ("18-21")
  std::optional<std::string> gender;   ///< "female" and "male" have words of their own; any other is a "person"
  std::optional<std::string> education;              ///< in words: "high school", "university"
  std::optional<std::string> nationality;            ///< LAPIS
  std::optional<std::string> art_experience;         ///< PARA: beginner, competent, proficient, expert
  std::optional<std::string> photography_experience; ///< PARA: same
  std::optional<double> art_interest;                ///< LAPIS: VAIAK, 0..6
  std::optional<bool> colour_blind;                  ///< LAPIS
  BigFive personality;                               ///< PARA
  std::vector<std::string> interests;
  std::optional<std::string> about;                  ///< free text: what the person likes, in their own words

  bool empty() const;
};

/// Reads a profile object: fields named as above ("age_range": [18, 21], "personality": {"openness": 7}).
/// Errors (kBadFormat): an unknown field is named, as are wrong types and values outside the stated ranges.
Profile profile_from_json(const Json& json, std::string_view origin);
Profile read_profile(const std::filesystem::path& path);
/// Only the fields that are set. profile_from_json(profile_to_json(p)) equals p.
Json profile_to_json(const Profile& profile);

/// The sentence templates a fusion file was trained with (contracts.md, "Wording").
struct ProfileWording {
  std::string generic = "anyone.";
};

/// The profile as prompt text: "a woman, 30 to 34 years old, university." and one sentence for each further field; free
/// text follows as its own sentence. Deterministic. An empty profile gives wording.generic.
std::string profile_text(const Profile& profile, const ProfileWording& wording = {});

}  // namespace paa
