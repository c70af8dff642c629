#include <fmt/format.h>

#include <algorithm>

#include "paa/core/error.h"
#include "paa/person/profile.h"

namespace paa {
namespace {

constexpr int kMaxAgeBand = 120;

/// A value and the name it has in a template.
struct Value {
  std::string_view name;
  std::string text;
};

/// A template of the wording and the names it must hold (at most two; empty: none).
struct Template {
  const char* key;
  std::string ProfileWording::* text;
  std::string_view first = {};
  std::string_view second = {};
};

constexpr Template kTemplates[] = {
    {"generic", &ProfileWording::generic},
    {"woman", &ProfileWording::woman},
    {"man", &ProfileWording::man},
    {"person", &ProfileWording::person},
    {"age", &ProfileWording::age, "low", "high"},
    {"one_age", &ProfileWording::one_age, "age"},
    {"education", &ProfileWording::education, "education"},
    {"separator", &ProfileWording::separator},
    {"nationality", &ProfileWording::nationality, "nationality"},
    {"art_experience", &ProfileWording::art_experience, "level"},
    {"photography_experience", &ProfileWording::photography_experience, "level"},
    {"art_interest", &ProfileWording::art_interest, "level"},
    {"colour_blind", &ProfileWording::colour_blind},
    {"not_colour_blind", &ProfileWording::not_colour_blind},
    {"personality", &ProfileWording::personality, "traits"},
    {"interests", &ProfileWording::interests, "interests"},
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

void check_template(const JsonReader& reader, const Template& entry, const std::string& text) {
  std::size_t names = 0;
  for (const auto name : {entry.first, entry.second}) {
    if (name.empty()) continue;
    ++names;
    const auto braced = fmt::format("{{{}}}", name);
    if (count(text, braced) != 1) reader.fail(entry.key, fmt::format("must hold {} once", braced));
  }
  if (count(text, "{") != names || count(text, "}") != names) {
    reader.fail(entry.key, "holds braces that are not those of its own names");
  }
}

// One pass, so that braces in a value are never taken for a name.
std::string fill(std::string_view text, std::initializer_list<Value> values) {
  std::string result;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    result += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = std::min(text.find('}'), text.size() - 1);
    const auto name = text.substr(1, close - 1);
    const auto value = std::find_if(values.begin(), values.end(), [&](const Value& v) { return v.name == name; });
    result += value == values.end() ? std::string(text.substr(0, close + 1)) : value->text;
    text.remove_prefix(close + 1);
  }
  return result;
}

std::string single_spaces(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

// A value as it reads inside a sentence: "junior_high_school." becomes "junior high school".
std::string words(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  text = single_spaces(text);
  while (text.size() > 1 && text.back() == '.') text.pop_back();
  return text;
}

std::string with_end_mark(std::string text) {
  for (const std::string_view mark : {".", "!", "?", "\u2026", "\u3002", "\uFF01", "\uFF1F"}) {
    if (text.ends_with(mark)) return text;
  }
  return text + ".";
}

std::string lower_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

const std::string& gender_words(const Profile& profile, const ProfileWording& wording) {
  const std::string gender = lower_ascii(words(profile.gender.value_or("")));
  if (gender == "female" || gender == "woman" || gender == "f") return wording.woman;
  if (gender == "male" || gender == "man" || gender == "m") return wording.man;
  return wording.person;
}

std::string age_words(int low, int high, const ProfileWording& wording) {
  if (low == high) return fill(wording.one_age, {{"age", std::to_string(low)}});
  return fill(wording.age, {{"low", std::to_string(low)}, {"high", std::to_string(high)}});
}

std::string first_sentence(const Profile& profile, const ProfileWording& wording) {
  std::string text = gender_words(profile, wording);
  if (profile.age) {
    const int low = *profile.age / wording.age_band * wording.age_band;
    text += wording.separator + age_words(low, low + wording.age_band - 1, wording);
  } else if (profile.age_range) {
    text += wording.separator + age_words(profile.age_range->first, profile.age_range->second, wording);
  }
  if (profile.education) {
    text += wording.separator + fill(wording.education, {{"education", words(*profile.education)}});
  }
  return text + ".";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string interest_level(double vaiak) { return vaiak < 2 ? "low" : vaiak < 4 ? "moderate" : "high"; }

std::string trait_level(int score) { return score <= 3 ? "low" : score <= 7 ? "average" : "high"; }

std::string trait_words(const BigFive& personality) {
  std::vector<std::string> parts;
  const auto say = [&](const std::optional<int>& score, const char* trait) {
    if (score) parts.push_back(fmt::format("{} {}", trait_level(*score), trait));
  };
  say(personality.openness, "openness");
  say(personality.conscientiousness, "conscientiousness");
  say(personality.extraversion, "extraversion");
  say(personality.agreeableness, "agreeableness");
  say(personality.neuroticism, "neuroticism");
  return joined(parts);
}

std::string further_sentences(const Profile& profile, const ProfileWording& wording) {
  std::string text;
  const auto say = [&](const std::string& sentence) { text += " " + sentence; };
  if (profile.nationality) say(fill(wording.nationality, {{"nationality", words(*profile.nationality)}}));
  if (profile.art_experience) say(fill(wording.art_experience, {{"level", words(*profile.art_experience)}}));
  if (profile.photography_experience) {
    say(fill(wording.photography_experience, {{"level", words(*profile.photography_experience)}}));
  }
  if (profile.art_interest) say(fill(wording.art_interest, {{"level", interest_level(*profile.art_interest)}}));
  if (profile.colour_blind) say(*profile.colour_blind ? wording.colour_blind : wording.not_colour_blind);
  if (const auto traits = trait_words(profile.personality); !traits.empty()) {
    say(fill(wording.personality, {{"traits", traits}}));
  }
  if (!profile.interests.empty()) {
    std::vector<std::string> interests;
    for (const std::string& interest : profile.interests) interests.push_back(words(interest));
    say(fill(wording.interests, {{"interests", joined(interests)}}));
  }
  if (profile.about) say(with_end_mark(single_spaces(*profile.about)));
  return text;
}

}  // namespace

ProfileWording profile_wording_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  ProfileWording wording;
  for (const Template& entry : kTemplates) {
    wording.*entry.text = reader.get_or(entry.key, wording.*entry.text);
    check_template(reader, entry, wording.*entry.text);
  }
  for (const char* key : {"generic", "woman", "man", "person"}) {
    if (reader.has(key) && reader.get<std::string>(key).empty()) reader.fail(key, "must not be empty");
  }
  wording.age_band = reader.get_or("age_band", wording.age_band);
  if (wording.age_band < 1 || wording.age_band > kMaxAgeBand) {
    reader.fail("age_band", fmt::format("is {}; it must be 1 to {} years", wording.age_band, kMaxAgeBand));
  }
  reader.refuse_unknown();
  return wording;
}

Json profile_wording_to_json(const ProfileWording& wording) {
  Json json = {{"age_band", wording.age_band}};
  for (const Template& entry : kTemplates) json[entry.key] = wording.*entry.text;
  return json;
}

std::string profile_text(const Profile& profile, const ProfileWording& wording) {
  check_profile(profile, "profile");
  if (wording.age_band < 1 || wording.age_band > kMaxAgeBand) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("profile wording: \"age_band\" is {}; it must be 1 to {}", wording.age_band, kMaxAgeBand));
  }
  if (profile.empty()) return wording.generic;
  return first_sentence(profile, wording) + further_sentences(profile, wording);
}

}  // namespace paa
