#include "paa/person/concept.h"

#include <fmt/format.h>

#include <optional>

#include "paa/core/error.h"
#include "text_fault.h"

namespace paa {
namespace {

struct TextField {
  const char* key;
  std::string Concept::*value;
  std::size_t max_bytes;
  bool required;
};
constexpr TextField kTextFields[] = {{"name", &Concept::name, kMaxConceptNameBytes, true},
                                     {"question", &Concept::question, kMaxConceptTextBytes, true},
                                     {"low", &Concept::low, kMaxConceptTextBytes, true},
                                     {"high", &Concept::high, kMaxConceptTextBytes, true},
                                     {"cue", &Concept::cue, kMaxConceptTextBytes, false}};

struct WordsField {
  const char* key;
  std::vector<std::string> Concept::*value;
};
constexpr WordsField kWordsFields[] = {{"low_words", &Concept::low_words}, {"high_words", &Concept::high_words}};

[[noreturn]] void refuse(std::string_view origin, std::string_view key, std::string_view what) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: \"{}\" {}", origin, key, what));
}

void check_words(const std::vector<std::string>& words, const char* key, std::string_view origin) {
  if (words.size() > kMaxAnchorWords) {
    refuse(origin, key, fmt::format("has {} words, more than the limit of {}", words.size(), kMaxAnchorWords));
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (auto what = text_fault(words[i], kMaxConceptNameBytes, false))
      refuse(origin, fmt::format("{}[{}]", key, i), *what);
  }
}

}  // namespace

void check_concept(const Concept& subject, std::string_view origin) {
  for (const auto& [key, value, max_bytes, required] : kTextFields) {
    const std::string& text = subject.*value;
    if (text.empty() && !required) continue;
    if (auto what = text_fault(text, max_bytes, false)) refuse(origin, key, *what);
  }
  for (const auto& [key, value] : kWordsFields) check_words(subject.*value, key, origin);
  if (!(subject.stated >= -kMaxStated && subject.stated <= kMaxStated)) {
    refuse(origin, "stated", "must be from -3 to 3");
  }
  if (subject.low_words.empty() != subject.high_words.empty()) {
    refuse(origin, subject.low_words.empty() ? "low_words" : "high_words",
           "is empty; both ends need anchor words, or neither");
  }
}

Concept concept_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  Concept subject;
  for (const auto& [key, value, max_bytes, required] : kTextFields) {
    subject.*value = required ? reader.get<std::string>(key) : reader.get_or<std::string>(key, "");
  }
  for (const auto& [key, value] : kWordsFields) subject.*value = reader.get_or<std::vector<std::string>>(key, {});
  subject.enabled = reader.get_or("enabled", true);
  subject.stated = reader.get_or("stated", 0.0);
  reader.refuse_unknown();
  try {
    check_concept(subject, origin);
  } catch (const Error& e) {
    throw Error(ErrorCode::kBadFormat, e.what());
  }
  return subject;
}

Json concept_to_json(const Concept& subject) {
  Json json = Json::object();
  for (const auto& [key, value, max_bytes, required] : kTextFields) {
    if (required || !(subject.*value).empty()) json[key] = subject.*value;
  }
  for (const auto& [key, value] : kWordsFields) {
    if (!(subject.*value).empty()) json[key] = subject.*value;
  }
  json["enabled"] = subject.enabled;
  if (subject.stated != 0) json["stated"] = subject.stated;
  return json;
}

}  // namespace paa
