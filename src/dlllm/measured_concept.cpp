#include "paa/dlllm/measured_concept.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "own_concepts.h"
#include "paa/dlllm/low_level.h"
#include "paa/image/composition.h"
#include "paa/image/statistics.h"
#include "paa/person/preference.h"

namespace paa {
namespace {

// What a describing word stands with: "soft light" is another thing than "soft colours".
enum class Noun : std::uint8_t { kAny, kColour, kLight, kContrast, kBackground, kLine };

// Words that name an end of a statistic where they stand with the noun; those of kAny also alone.
struct Naming {
  const char* statistic;  // of kImageStatisticNames or kCompositionStatisticNames
  int direction;
  Noun noun;
  std::vector<std::string_view> words;
};

const std::vector<Naming>& namings() {
  static const std::vector<Naming> kNamings = {
      {"brightness", 1, Noun::kAny, {"bright", "sunny", "sunlit", "luminous", "radiant", "brilliant", "airy", "glowing"}},
      {"brightness", -1, Noun::kAny, {"dark", "darkness", "dim", "gloomy", "gloom", "shadowy", "shadow", "murky"}},
      {"contrast", 1, Noun::kAny, {"contrasty", "stark", "harsh"}},
      {"contrast", 1, Noun::kLight, {"hard", "harsh", "dramatic", "strong"}},
      {"contrast", 1, Noun::kContrast, {"", "strong", "high", "hard", "big", "deep", "heavy"}},
      {"contrast", -1, Noun::kAny, {"hazy"}},
      {"contrast", -1, Noun::kLight, {"soft", "gentle", "diffuse", "flat", "even"}},
      {"contrast", -1, Noun::kContrast, {"low", "soft", "weak", "gentle"}},
      {"saturation", 1, Noun::kAny, {"vivid", "vibrant", "saturated", "garish", "gaudy"}},
      {"saturation", 1, Noun::kColour, {"bright", "bold", "strong", "loud", "rich", "intense", "lively", "deep"}},
      {"saturation", -1, Noun::kAny,
       {"muted", "faded", "pale", "pastel", "desaturated", "subdued", "monochrome", "grey", "gray", "greyscale"}},
      {"saturation", -1, Noun::kColour, {"quiet", "soft", "calm", "gentle", "restrained", "sober", "dull", "weak"}},
      {"colourfulness", 1, Noun::kAny, {"colourful", "colorful", "multicoloured", "multicolored", "rainbow"}},
      {"colourfulness", 1, Noun::kColour, {"many", "several", "different"}},
      {"colourfulness", -1, Noun::kColour, {"few", "single"}},
      {"warmth", 1, Noun::kAny, {"warm", "golden", "amber"}},
      {"warmth", -1, Noun::kAny, {"cool", "cold", "icy", "bluish"}},
      {"detail", 1, Noun::kAny, {"detail", "detailed", "intricate", "busy", "cluttered", "clutter"}},
      {"detail", -1, Noun::kAny,
       {"plain", "simple", "minimal", "minimalist", "minimalistic", "minimalism", "uncluttered", "bare", "sparse"}},
      {"red", 1, Noun::kAny, {"red", "orange", "scarlet", "crimson"}},
      {"yellow", 1, Noun::kAny, {"yellow"}},
      {"green", 1, Noun::kAny, {"green"}},
      {"cyan", 1, Noun::kAny, {"turquoise", "cyan", "teal"}},
      {"blue", 1, Noun::kAny, {"blue"}},
      {"purple", 1, Noun::kAny, {"purple", "pink", "violet", "magenta", "lilac"}},
      {"sharpness", 1, Noun::kAny, {"crisp", "sharp"}},
      {"sharpness", -1, Noun::kAny, {"blurry", "blurred", "unsharp"}},
      {"background blur", 1, Noun::kBackground, {"blurry", "blurred", "soft", "creamy", "unsharp"}},
      {"background blur", -1, Noun::kBackground, {"sharp"}},
      {"background blur", 1, Noun::kAny, {"bokeh"}},
      {"symmetry", 1, Noun::kAny, {"symmetry", "symmetric", "symmetrical"}},
      {"symmetry", -1, Noun::kAny, {"asymmetry", "asymmetric", "asymmetrical"}},
      {"texture", 1, Noun::kAny, {"texture", "textured", "rough", "coarse", "grainy"}},
      {"texture", -1, Noun::kAny, {"smooth", "polished"}},
      {"lines", 1, Noun::kLine, {"horizontal", "level"}},
      {"lines", -1, Noun::kLine, {"vertical", "upright"}},
      {"format", 1, Noun::kAny, {"wide", "panorama", "panoramic"}},
      {"format", -1, Noun::kAny, {"tall"}},
  };
  return kNamings;
}

// Words that say no more than that it is about photos.
constexpr std::array<std::string_view, 28> kPlainWords = {
    "photo",  "photograph", "photography", "picture", "image",   "shot",   "scene", "look",  "mood", "style",
    "feel",   "thing",      "one",         "view",    "surface", "format", "frame", "space", "very", "really",
    "rather", "too",        "quite",       "so",      "much",    "lot",    "only",  "composition"};

const std::vector<std::pair<Noun, std::vector<std::string_view>>>& nouns() {
  static const std::vector<std::pair<Noun, std::vector<std::string_view>>> kNouns = {
      {Noun::kColour, {"colour", "color", "tone", "hue", "shade", "palette"}},
      {Noun::kLight, {"light", "lighting", "daylight"}},
      {Noun::kContrast, {"contrast"}},
      {Noun::kBackground, {"background", "backdrop"}},
      {Noun::kLine, {"line"}}};
  return kNouns;
}

template <class List, class Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

struct Phrase {
  std::vector<std::string> describing;  // words that say how
  std::vector<Noun> about;              // nouns that stand with them
};

Phrase phrase_of(std::string_view text) {
  Phrase phrase;
  for (auto& word : content_words(text)) {
    const auto noun = std::find_if(nouns().begin(), nouns().end(), [&](const auto& one) { return has(one.second, word); });
    if (noun != nouns().end()) {
      phrase.about.push_back(noun->first);
    } else if (!has(kPlainWords, word)) {
      phrase.describing.push_back(std::move(word));
    }
  }
  return phrase;
}

// Whether all that the phrase says is this.
bool names(const Naming& naming, const Phrase& phrase) {
  if (naming.noun != Noun::kAny && !has(phrase.about, naming.noun)) return false;
  if (phrase.describing.empty()) return has(naming.words, std::string_view());
  return std::all_of(phrase.describing.begin(), phrase.describing.end(),
                     [&](const auto& word) { return has(naming.words, word); });
}

std::string group_of(std::string_view statistic) {
  return has(kImageStatisticNames, statistic) ? kStatisticsGroup : kCompositionGroup;
}

template <class Names>
std::size_t place_in(const Names& all, const std::string& name) {
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), name) - all.begin());
}

std::string rated_words(const Concept& subject) {
  std::string words;
  for (const auto& word : subject.high_words) words += word + " ";
  return words;
}

}  // namespace

std::optional<NamedStatistic> statistic_named_by(std::string_view words) {
  const Phrase phrase = phrase_of(words);
  for (const bool any : {false, true}) {  // what a noun of its own says goes first
    std::optional<NamedStatistic> found;
    bool two = false;
    for (const auto& naming : namings()) {
      if ((naming.noun == Noun::kAny) != any || !names(naming, phrase)) continue;
      const NamedStatistic named{group_of(naming.statistic), naming.statistic, static_cast<double>(naming.direction)};
      two = two || (found && *found != named);
      found = named;
    }
    if (two) return std::nullopt;
    if (found) return found;
  }
  return std::nullopt;
}

double MeasuredConcept::digit(std::span<const float> row) const {
  const double standard = (static_cast<double>(row[column]) - mean) / deviation;
  return std::clamp(kOwnConceptMean + kOwnConceptDeviation * direction * standard, 0.0, 9.0);
}

std::optional<MeasuredConcept> measure_of(const Concept& subject, const Population& population) {
  const auto named = statistic_named_by(rated_words(subject));
  if (!named) return std::nullopt;
  std::size_t column = 1;  // after the score
  for (const auto& group : population.groups) {
    if (group.name != named->group) {
      column += group.mean.size();
      continue;
    }
    const std::size_t place = named->group == kStatisticsGroup ? place_in(kImageStatisticNames, named->feature)
                                                               : place_in(kCompositionStatisticNames, named->feature);
    if (place >= group.mean.size()) return std::nullopt;
    return MeasuredConcept{column + place, group.mean[place], group.deviation[place], named->direction};
  }
  return std::nullopt;
}

}  // namespace paa
