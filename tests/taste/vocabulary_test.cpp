#include "paa/taste/vocabulary.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "catch.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/error.h"
#include "paa/core/json.h"

using paa::Json;
using paa::TasteVocabulary;
using paa::TraitKind;

namespace {

Json small() {
  Json json = {{"format", "paa-tastes"}, {"version", 1}, {"traits", Json::array()}, {"wordings", Json::array()}};
  json["traits"].push_back({{"key", "cats"}, {"kind", "category"}, {"names", {"Cat"}}, {"phrases", {"cats"}}});
  json["traits"].push_back({{"key", "light"}, {"kind", "statistic"}, {"statistic", "brightness"}, {"phrases", {"light"}}});
  for (const char* polarity : {"like", "dislike"}) {
    for (const char* strength : {"strong", "mild"}) {
      for (const bool held_out : {false, true}) {
        json["wordings"].push_back({{"text", "say {x}"}, {"polarity", polarity}, {"strength", strength},
                                    {"style", "list"}, {"held_out", held_out}});
      }
    }
  }
  return json;
}

std::string refusal(const Json& json) {
  try {
    TasteVocabulary::parse(json.dump(), "v.json");
  } catch (const paa::Error& error) {
    return error.what();
  }
  return "taken";
}

// small() with one value changed.
template <class Value>
std::string refusal_of(const std::string& pointer, const Value& value) {
  Json json = small();
  json[Json::json_pointer(pointer)] = value;
  return refusal(json);
}

std::vector<std::string> imagenet_names() {
  const auto file = paa::paa_home() / "models" / paa::kDefaultModel / "class_names.txt";
  std::ifstream in(file);
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) names.push_back(line);
  return names;
}

}  // namespace

TEST_CASE("the standard vocabulary has what training and measuring need") {
  const auto& vocabulary = TasteVocabulary::standard();
  CHECK(vocabulary.traits.size() >= 35);
  const auto count = [](const auto& items, const auto& fits) { return std::count_if(items.begin(), items.end(), fits); };
  CHECK(count(vocabulary.wordings, [](const auto& w) { return w.like; }) >= 25);
  CHECK(count(vocabulary.wordings, [](const auto& w) { return !w.like; }) >= 25);
  const auto held_traits = count(vocabulary.traits, [](const auto& t) { return t.held_out; });
  CHECK(held_traits * 7 >= std::ssize(vocabulary.traits));
  CHECK(held_traits * 4 <= std::ssize(vocabulary.traits));
  for (const auto kind : {TraitKind::kCategory, TraitKind::kClassGroup, TraitKind::kStatistic}) {
    CHECK(count(vocabulary.traits, [&](const auto& t) { return t.kind == kind && t.held_out; }) >= 1);
  }
  CHECK(vocabulary.find("dogs"));
  CHECK_FALSE(vocabulary.find("unicorns"));
}

TEST_CASE("no two traits or wordings of the standard vocabulary say the same") {
  const auto& vocabulary = TasteVocabulary::standard();
  std::set<std::string> phrases, wordings;
  for (const auto& trait : vocabulary.traits) {
    INFO(trait.key);
    CHECK(trait.phrases.size() >= 3);
    for (const auto& phrase : trait.phrases) CHECK(phrases.insert(phrase).second);
    for (const auto& phrase : trait.opposite_phrases) CHECK(phrases.insert(phrase).second);
    CHECK(trait.opposite_phrases.empty() == (trait.kind != TraitKind::kStatistic));
  }
  for (const auto& wording : vocabulary.wordings) {
    INFO(wording.text);
    CHECK(wordings.insert(wording.text).second);
  }
}

TEST_CASE("every class group of the standard vocabulary finds its ImageNet classes") {
  const auto names = imagenet_names();
  if (names.empty()) {
    WARN("skipped: the default model is absent; run sh examples/quickstart.sh once");
    return;
  }
  REQUIRE(names.size() == 1000);
  for (const auto& trait : TasteVocabulary::standard().traits) {
    if (trait.kind == TraitKind::kClassGroup) CHECK(paa::classes_of(trait, names).size() >= 3);
  }
  const auto classes = [&](const char* key) {
    return paa::classes_of(TasteVocabulary::standard().traits[*TasteVocabulary::standard().find(key)], names);
  };
  CHECK(classes("dogs").front() == 151);
  CHECK(classes("dogs").back() == 268);
  CHECK(classes("dogs").size() == 118);
  CHECK(classes("cats").front() == 281);
}

TEST_CASE("classes are found by line, by name and in ranges") {
  paa::TasteTrait trait;
  trait.key = "t";
  trait.kind = TraitKind::kClassGroup;
  const std::vector<std::string> names = {"cock", "crane", "Crane, digger", "tub, vat", "bath, tub", "sloth, ai"};
  const auto found = [&](std::vector<paa::ClassRange> classes) {
    trait.classes = std::move(classes);
    return paa::classes_of(trait, names);
  };
  CHECK(found({{"CRANE", "crane"}}) == std::vector<std::size_t>{1});
  CHECK(found({{"tub, vat", "tub, vat"}}) == std::vector<std::size_t>{3});
  CHECK(found({{"digger", "bath"}, {"vat", "vat"}, {"cock", "cock"}}) == std::vector<std::size_t>{0, 2, 3, 4});
  CHECK_THROWS_WITH(found({{"tub", "tub"}}), "the taste \"t\" names the class \"tub\", which 2 of the 6 classes of this "
                                             "vision encoder have; name exactly one");
  CHECK_THROWS_WITH(found({{"slot", "slot"}}), Catch::Contains("which none of the 6 classes"));
  CHECK_THROWS_WITH(found({{"vat", "cock"}}), Catch::Contains("swap them"));
}

TEST_CASE("a vocabulary that cannot be used is refused with the place and the key") {
  REQUIRE(refusal(small()) == "taken");
  CHECK(refusal_of("/format", "other") == "v.json: \"format\" must be \"paa-tastes\"");
  CHECK(refusal_of("/version", 2) == "v.json: is of version 2; this library reads version 1");
  CHECK(refusal_of("/traits/0/kind", "colour") ==
        "v.json: traits[0] \"cats\": \"kind\" is \"colour\"; it must be one of \"category\", \"class_group\", \"statistic\"");
  CHECK(refusal_of("/traits/1/statistic", "noise") ==
        "v.json: traits[1] \"light\": \"statistic\" is \"noise\"; the statistics are brightness, contrast, saturation, "
        "colourfulness, warmth, detail");
  CHECK(refusal_of("/traits/1/sign", 0.5) == "v.json: traits[1] \"light\": \"sign\" must be 1 or -1");
  CHECK(refusal_of("/traits/0/phrases", Json::array()) ==
        "v.json: traits[0] \"cats\": \"phrases\" must hold at least one phrase");
  CHECK(refusal_of("/traits/0/phrases", Json{"c{x}"}) == "v.json: traits[0] \"cats\": \"phrases\" holds braces: \"c{x}\"");
  CHECK(refusal_of("/traits/0/phrases", Json{"a\nb"}) ==
        "v.json: traits[0] \"cats\": \"phrases\" holds a control character");
  CHECK(refusal_of("/traits/0/names", Json::array()) == "v.json: traits[0] \"cats\": \"names\" must not be empty");
  CHECK(refusal_of("/traits/1/key", "cats") == "v.json: \"traits\" hold the key \"cats\" twice");
  CHECK(refusal_of("/wordings/3/text", "say {x} and {x}") ==
        "v.json: wordings[3] \"say {x} and {x}\": \"text\" must hold {x} or {X} once and no other braces: \"say {x} and "
        "{x}\"");
  CHECK(refusal_of("/wordings/0/held_out", true) ==
        "v.json: \"wordings\" lack one of style \"list\", polarity \"like\", strength \"strong\" and held_out false");
}

TEST_CASE("fields of another kind of trait and unknown ones are refused") {
  CHECK_THAT(refusal_of("/traits/0/sign", 1), Catch::Contains("traits[0] \"cats\": unknown field \"sign\""));
  CHECK_THAT(refusal_of("/traits/0/phrase", "x"), Catch::Contains("unknown field \"phrase\""));
  CHECK_THAT(refusal_of("/extra", 2), Catch::Contains("unknown field \"extra\""));
  CHECK_THAT(refusal_of("/wordings/1/tone", "x"), Catch::Contains("wordings[1]"));
  for (const Json& classes : {Json(3), Json::array(), Json{3}, Json{{{"from", "a"}}}, Json{{{"from", "a"}, {"to", 3}}}}) {
    Json json = small();
    json["traits"][0] = {{"key", "dogs"}, {"kind", "class_group"}, {"classes", classes}, {"phrases", {"dogs"}}};
    CHECK_THAT(refusal(json), Catch::Contains("\"classes\""));
  }
  Json json = small();
  json["traits"][0].erase("names");
  CHECK(refusal(json) == "v.json: traits[0] \"cats\": \"names\" is missing");
}
