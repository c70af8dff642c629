// Guides are data: what they must hold, and that those that ship do.

#include "paa/interview/guide.h"

#include <set>

#include "core/refusal.h"
#include "paa/core/json.h"
#include "paa/interview/clauses.h"

using paa::Guide;

namespace {

const char* const kLanguages[] = {"en", "de"};

std::vector<std::string> questions(const Guide& guide) {
  std::vector<std::string> all;
  const auto add = [&](const std::vector<std::string>& texts) { all.insert(all.end(), texts.begin(), texts.end()); };
  for (const auto& texts : guide.general) add(texts);
  for (const auto& topic : guide.topics) add(topic.liked), add(topic.disliked);
  add(guide.follow_thin), add(guide.photo_pair), add(guide.photo_one);
  return all;
}

}  // namespace

TEST_CASE("The guides that ship ask short open questions, each once", "[guide]") {
  for (const char* language : kLanguages) {
    const Guide& guide = Guide::standard(language);
    CHECK(guide.language == language);
    CHECK(guide.topics.size() >= 12);
    std::set<std::string> seen;
    for (const auto& text : questions(guide)) {
      INFO(text);
      CHECK(seen.insert(text).second);
      CHECK(text.find('!') == std::string::npos);
      CHECK((text.ends_with('?') || text.ends_with('.')));
      // Open questions begin with no verb that yes or no answers.
      for (const char* closed : {"Do ", "Does ", "Did ", "Is ", "Are ", "Have ", "Would ", "Magst ", "Hast ", "Ist "}) {
        CHECK_FALSE(text.starts_with(closed));
      }
      CHECK(paa::words_of(text).size() <= 28);
    }
  }
}

TEST_CASE("The guides that ship have the same topics, and enough wordings", "[guide]") {
  std::vector<std::string> keys[2];
  for (int i = 0; i < 2; ++i) {
    const Guide& guide = Guide::standard(kLanguages[i]);
    for (const auto& topic : guide.topics) {
      keys[i].push_back(topic.key);
      CHECK(topic.liked.size() >= 2);
      CHECK(topic.disliked.size() >= 2);
      CHECK(topic.words.size() >= 10);
    }
    CHECK(guide.follow_like.size() >= 4);
    CHECK(guide.follow_dislike.size() >= 4);
  }
  CHECK(keys[0] == keys[1]);
}

TEST_CASE("A guide that lacks something or asks for what there is not is refused by name", "[guide]") {
  const auto refused = [](const char* pointer, const paa::Json& value) {
    paa::Json json = {{"format", "paa-guide"}, {"version", 1}, {"language", "xx"}, {"name", "X"}, {"opening", "o"}, {"closing", "c"},
                      {"stages", {{"background", {"a?"}}, {"liked", {"b?"}}, {"disliked", {"c?"}}, {"contrast", {"d?"}}}},
                      {"topics", {{{"key", "k"}, {"name", "n"}, {"liked", {"e?"}}, {"disliked", {"f?"}}, {"words", {"w"}}}}},
                      {"follow_ups", {{"like", {"{subject}?"}}, {"dislike", {"{subject}?"}}, {"thin", {"g?"}}, {"contradiction", {"{earlier} {now}?"}}}},
                      {"photo_pair", {"h?"}}, {"photo_one", {"i?"}},
                      {"summary", {{"opening", "o"}, {"like", "{subject}"}, {"dislike", "{subject}"}, {"both", "{subject} {earlier} {now}"}, {"none", "n"}, {"confirm", "?"}}},
                      {"words", {{"yes", {"yes"}}}}, {"statements", {{"like", "likes {subject}"}, {"dislike", "dislikes {subject}"}}}};
    if (std::string(pointer).empty()) {
      CHECK(Guide::parse(json.dump(), "guide").topics.size() == 1);
      return Refusal();
    }
    json[paa::Json::json_pointer(pointer)] = value;
    return refusal([&] { Guide::parse(json.dump(), "guide"); });
  };
  refused("", nullptr);
  CHECK(refused("/follow_ups/like", {"What?"}).message.find("lacks {subject}") != std::string::npos);
  CHECK(refused("/follow_ups/thin", {"{subject}?"}).message.find("stands for nothing") != std::string::npos);
  CHECK(refused("/topics", paa::Json::array()).message.find("topics") != std::string::npos);
  CHECK(refused("/stages/liked", paa::Json::array()).message.find("liked") != std::string::npos);
  CHECK(refused("/odd", 1).message.find("odd") != std::string::npos);
  CHECK(refused("/version", 2).code == paa::ErrorCode::kUnsupported);
  CHECK(refusal([] { Guide::standard("tlh"); }).message.find("en, de") != std::string::npos);
}
