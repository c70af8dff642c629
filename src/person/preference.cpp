#include "paa/person/preference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "paa/core/error.h"
#include "text_fault.h"

namespace paa {
namespace {

constexpr int kWeakest = 1, kStrongest = 3;

struct TextField {
  const char* key;
  std::string Preference::*value;
  bool required;
};
constexpr TextField kTextFields[] = {
    {"statement", &Preference::statement, true}, {"subject", &Preference::subject, true},
    {"topic", &Preference::topic, false},        {"interview", &Preference::interview, true},
    {"quote", &Preference::quote, true}};

// Words that tell no subject from another, in the languages of the guides.
constexpr std::array kEmptyWords = {
    "a",     "an",    "the",   "of",   "in",    "on",   "at",   "with",  "and",  "or",    "my",    "some",    "any",
    "all",   "photo", "photos", "picture", "pictures", "image", "images", "that", "this", "these", "those", "kind",
    "der",   "die",   "das",   "den",  "dem",   "ein",  "eine", "einen", "einem", "einer", "und",   "oder",    "von",
    "im",    "in",    "auf",   "mit",  "foto",  "fotos", "bild", "bilder", "bildern"};

[[noreturn]] void refuse(std::string_view origin, std::string_view key, std::string_view what) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: \"{}\" {}", origin, key, what));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
// Letters beyond ASCII are bytes above 0x7F.
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!is_space(c)) {
      result += lower(c);
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

std::string without_plural(std::string word) {
  if (word.size() > 4 && word.ends_with("ies")) return word.substr(0, word.size() - 3) + "y";
  for (const char* ending : {"ches", "shes", "sses", "xes"}) {
    if (word.size() > 4 && word.ends_with(ending)) return word.substr(0, word.size() - 2);
  }
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) word.pop_back();
  return word;
}

}  // namespace

const char* to_string(Polarity polarity) noexcept { return polarity == Polarity::kLike ? "like" : "dislike"; }

void check_preference(const Preference& preference, std::string_view origin) {
  for (const auto& [key, value, required] : kTextFields) {
    const std::string& text = preference.*value;
    if (text.empty() && !required) continue;
    if (auto what = text_fault(text, kMaxPreferenceBytes, true)) refuse(origin, key, *what);
  }
  if (preference.strength < kWeakest || preference.strength > kStrongest) refuse(origin, "strength", "must be 1, 2 or 3");
  if (!(preference.confidence >= 0 && preference.confidence <= 1)) refuse(origin, "confidence", "must be from 0 to 1");
  if (preference.turn < 1) refuse(origin, "turn", "must be at least 1");
}

Preference preference_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  Preference preference;
  for (const auto& [key, value, required] : kTextFields) {
    preference.*value = required ? reader.get<std::string>(key) : reader.get_or<std::string>(key, "");
  }
  const auto polarity = reader.get<std::string>("polarity");
  if (polarity != "like" && polarity != "dislike") reader.fail("polarity", "must be like or dislike");
  preference.polarity = polarity == "like" ? Polarity::kLike : Polarity::kDislike;
  preference.strength = reader.get<int>("strength");
  preference.confidence = reader.get<double>("confidence");
  preference.turn = reader.get<int>("turn");
  reader.refuse_unknown();
  try {
    check_preference(preference, origin);
  } catch (const Error& e) {
    throw Error(ErrorCode::kBadFormat, e.what());
  }
  return preference;
}

Json preference_to_json(const Preference& preference) {
  Json json = {{"polarity", to_string(preference.polarity)},
               {"strength", preference.strength},
               {"confidence", preference.confidence},
               {"turn", preference.turn}};
  for (const auto& [key, value, required] : kTextFields) {
    if (required || !(preference.*value).empty()) json[key] = preference.*value;
  }
  return json;
}

bool is_quoted_from(std::string_view quote, std::string_view answer) {
  const std::string wanted = plain(quote);
  return !wanted.empty() && plain(answer).find(wanted) != std::string::npos;
}

std::vector<std::string> content_words(std::string_view subject) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && std::find(kEmptyWords.begin(), kEmptyWords.end(), word) == kEmptyWords.end()) {
      words.push_back(without_plural(word));
    }
    word.clear();
  };
  for (const char c : subject) {
    if (is_word(lower(c))) {
      word += lower(c);
    } else {
      end_word();
    }
  }
  end_word();
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

bool same_subject(std::string_view a, std::string_view b) {
  const auto left = content_words(a), right = content_words(b);
  if (left.empty() || right.empty()) return plain(a) == plain(b);
  return std::includes(left.begin(), left.end(), right.begin(), right.end()) ||
         std::includes(right.begin(), right.end(), left.begin(), left.end());
}

std::vector<std::pair<std::size_t, std::size_t>> contradictions(const std::vector<Preference>& preferences) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t b = 0; b < preferences.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      if (preferences[a].polarity != preferences[b].polarity && same_subject(preferences[a].subject, preferences[b].subject)) {
        pairs.emplace_back(a, b);
      }
    }
  }
  return pairs;
}

}  // namespace paa
