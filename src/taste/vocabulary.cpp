#include "paa/taste/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "paa/core/error.h"
#include "paa/core/json.h"
#include "same_letters.h"
#include "standard_vocabulary.h"

namespace paa {
namespace {

constexpr int kVersion = 1;

template <class Value>
using Choices = std::vector<std::pair<const char*, Value>>;

template <class Value>
Value choice(const JsonReader& reader, const std::string& key, const std::string& text, const Choices<Value>& choices) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (text == name) return value;
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
  }
  reader.fail(key, fmt::format("is \"{}\"; it must be one of {}", text, names));
}

template <class Value>
Value choice(const JsonReader& reader, const std::string& key, const Choices<Value>& choices) {
  return choice(reader, key, reader.get<std::string>(key), choices);
}

void check_words(const JsonReader& reader, const std::string& key, const std::string& text) {
  if (text.empty()) reader.fail(key, "must not be empty");
  const bool control = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (control) reader.fail(key, "holds a control character");
}

std::vector<std::string> read_phrases(const JsonReader& reader, const std::string& key) {
  auto phrases = reader.get_or(key, std::vector<std::string>());
  for (const std::string& phrase : phrases) {
    check_words(reader, key, phrase);
    if (phrase.find_first_of("{}") != phrase.npos) reader.fail(key, fmt::format("holds braces: \"{}\"", phrase));
  }
  return phrases;
}

std::vector<std::string> read_names(const JsonReader& reader) {
  auto names = reader.get<std::vector<std::string>>("names");
  if (names.empty()) reader.fail("names", "must not be empty");
  return names;
}

ClassRange read_range(const JsonReader& trait, const Json& entry) {
  if (entry.is_string()) return {entry.get<std::string>(), entry.get<std::string>()};
  if (!entry.is_object() || entry.size() != 2 || !entry.contains("from") || !entry.contains("to") ||
      !entry["from"].is_string() || !entry["to"].is_string()) {
    trait.fail("classes", "must hold names and {\"from\": NAME, \"to\": NAME} only");
  }
  return {entry["from"].get<std::string>(), entry["to"].get<std::string>()};
}

std::vector<ClassRange> read_classes(const JsonReader& reader) {
  std::vector<ClassRange> classes;
  for (const Json& entry : reader.get<std::vector<Json>>("classes")) classes.push_back(read_range(reader, entry));
  if (classes.empty()) reader.fail("classes", "must not be empty");
  return classes;
}

ImageStatistic read_statistic(const JsonReader& reader) {
  const auto name = reader.get<std::string>("statistic");
  if (const auto statistic = find_image_statistic(name)) return *statistic;
  reader.fail("statistic",
              fmt::format("is \"{}\"; the statistics are {}", name, fmt::join(kImageStatisticNames, ", ")));
}

double read_sign(const JsonReader& reader) {
  const double sign = reader.get_or("sign", 1.0);
  if (sign != 1 && sign != -1) reader.fail("sign", "must be 1 or -1");
  return sign;
}

TasteTrait read_trait(const JsonReader& reader) {
  TasteTrait trait;
  trait.key = reader.get<std::string>("key");
  check_words(reader, "key", trait.key);
  trait.kind = choice<TraitKind>(reader, "kind",
                                 {{"category", TraitKind::kCategory},
                                  {"class_group", TraitKind::kClassGroup},
                                  {"statistic", TraitKind::kStatistic}});
  trait.family = reader.get_or("family", trait.key);
  trait.held_out = reader.get_or("held_out", false);
  if (trait.kind == TraitKind::kCategory) trait.names = read_names(reader);
  if (trait.kind == TraitKind::kClassGroup) trait.classes = read_classes(reader);
  if (trait.kind == TraitKind::kStatistic) {
    trait.statistic = read_statistic(reader);
    trait.sign = read_sign(reader);
  }
  trait.phrases = read_phrases(reader, "phrases");
  if (trait.phrases.empty()) reader.fail("phrases", "must hold at least one phrase");
  trait.opposite_phrases = read_phrases(reader, "opposite_phrases");
  reader.refuse_unknown();
  return trait;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

TasteWording read_wording(const JsonReader& reader) {
  TasteWording wording;
  wording.text = reader.get<std::string>("text");
  check_words(reader, "text", wording.text);
  if (count(wording.text, "{x}") + count(wording.text, "{X}") != 1 || count(wording.text, "{") != 1 ||
      count(wording.text, "}") != 1) {
    reader.fail("text", fmt::format("must hold {{x}} or {{X}} once and no other braces: \"{}\"", wording.text));
  }
  wording.like = choice<bool>(reader, "polarity", {{"like", true}, {"dislike", false}});
  wording.strong = choice<bool>(reader, "strength", {{"strong", true}, {"mild", false}});
  wording.style = choice<WordingStyle>(
      reader, "style",
      {{"first", WordingStyle::kFirst}, {"third", WordingStyle::kThird}, {"list", WordingStyle::kList}});
  wording.join_or =
      choice<bool>(reader, "join", reader.get_or<std::string>("join", "and"), {{"and", false}, {"or", true}});
  wording.held_out = reader.get_or("held_out", false);
  reader.refuse_unknown();
  return wording;
}

void check_keys(const std::vector<TasteTrait>& traits, const JsonReader& reader) {
  std::set<std::string> seen;
  for (const TasteTrait& trait : traits) {
    if (!seen.insert(trait.key).second) reader.fail("traits", fmt::format("hold the key \"{}\" twice", trait.key));
  }
}

// Whatever a taste has to say, a text can then be made of training wordings alone and of held-out ones alone.
void check_cover(const std::vector<TasteWording>& wordings, const JsonReader& reader) {
  constexpr const char* kStyles[kWordingStyleCount] = {"first", "third", "list"};
  std::map<WordingStyle, std::set<int>> cells;
  const auto cell = [](bool like, bool strong, bool held_out) { return like + 2 * strong + 4 * held_out; };
  for (const TasteWording& w : wordings) cells[w.style].insert(cell(w.like, w.strong, w.held_out));
  if (cells.empty()) reader.fail("wordings", "must hold at least one wording");
  for (const auto& [style, present] : cells) {
    for (int i = 0; i < 8; ++i) {
      if (present.contains(i)) continue;
      reader.fail("wordings", fmt::format("lack one of style \"{}\", polarity \"{}\", strength \"{}\" and held_out {}",
                                          kStyles[static_cast<std::size_t>(style)], (i & 1) != 0 ? "like" : "dislike",
                                          (i & 2) != 0 ? "strong" : "mild", (i & 4) != 0));
    }
  }
}

template <class Entry>
std::vector<Entry> read_list(const JsonReader& reader, std::string_view origin, const char* key, const char* name,
                             Entry (*read)(const JsonReader&)) {
  std::vector<Entry> entries;
  for (const Json& value : reader.get<std::vector<Json>>(key)) {
    std::string place = fmt::format("{}: {}[{}]", origin, key, entries.size());
    if (value.is_object() && value.contains(name)) place += " " + to_text(value[name]);
    entries.push_back(read(JsonReader(value, place)));
  }
  return entries;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool is_among(std::string_view name, std::string_view line) {
  while (true) {
    const auto comma = std::min(line.find(','), line.size());
    if (same_letters(trimmed(line.substr(0, comma)), name)) return true;
    if (comma == line.size()) return false;
    line.remove_prefix(comma + 1);
  }
}

std::size_t class_named(const std::string& name, const TasteTrait& trait, const std::vector<std::string>& class_names) {
  const auto all = [&](const auto& fits) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < class_names.size(); ++i) {
      if (fits(class_names[i])) found.push_back(i);
    }
    return found;
  };
  auto found = all([&](const std::string& line) { return same_letters(line, name); });
  if (found.empty()) found = all([&](const std::string& line) { return is_among(name, line); });
  if (found.size() == 1) return found.front();
  throw Error(ErrorCode::kMismatch,
              fmt::format("the taste \"{}\" names the class \"{}\", which {} of the {} classes of this vision encoder "
                          "have; name exactly one",
                          trait.key, name, found.empty() ? "none" : std::to_string(found.size()), class_names.size()));
}

}  // namespace

std::optional<std::size_t> TasteVocabulary::find(std::string_view key) const noexcept {
  for (std::size_t i = 0; i < traits.size(); ++i) {
    if (traits[i].key == key) return i;
  }
  return std::nullopt;
}

TasteVocabulary TasteVocabulary::parse(std::string_view text, std::string_view origin) {
  const Json json = parse_json(text, origin);
  const JsonReader reader(json, std::string(origin));
  if (reader.get<std::string>("format") != "paa-tastes") reader.fail("format", "must be \"paa-tastes\"");
  if (const int version = reader.get<int>("version"); version != kVersion) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: is of version {}; this library reads version {}", origin, version, kVersion));
  }
  TasteVocabulary vocabulary;
  vocabulary.traits = read_list(reader, origin, "traits", "key", &read_trait);
  vocabulary.wordings = read_list(reader, origin, "wordings", "text", &read_wording);
  vocabulary.asides = read_phrases(reader, "asides");
  reader.refuse_unknown();
  check_keys(vocabulary.traits, reader);
  check_cover(vocabulary.wordings, reader);
  return vocabulary;
}

const TasteVocabulary& TasteVocabulary::standard() {
  static const TasteVocabulary vocabulary = parse(kStandardVocabulary, "the standard taste vocabulary");
  return vocabulary;
}

std::vector<std::size_t> classes_of(const TasteTrait& trait, const std::vector<std::string>& class_names) {
  if (trait.kind != TraitKind::kClassGroup) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the taste \"{}\" is no class group", trait.key));
  }
  std::set<std::size_t> classes;
  for (const ClassRange& range : trait.classes) {
    const std::size_t first = class_named(range.first, trait, class_names);
    const std::size_t last = class_named(range.last, trait, class_names);
    if (first > last) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("the taste \"{}\" names the classes from \"{}\" to \"{}\", which stand "
                              "in the other order; swap them",
                              trait.key, range.first, range.last));
    }
    for (std::size_t i = first; i <= last; ++i) classes.insert(i);
  }
  return {classes.begin(), classes.end()};
}

}  // namespace paa
