#include "paa/interview/guide.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <mutex>

#include "paa/core/error.h"
#include "paa/core/file.h"
#include "standard_data.h"

namespace paa {
namespace {

constexpr int kVersion = 1;
constexpr std::uint64_t kLargestGuide = std::uint64_t{4} << 20;
constexpr const char* kStageNames[kStageCount] = {"background", "liked", "disliked", "contrast"};

using Names = std::initializer_list<const char*>;

// Every "{...}" must be one of `names`, and each of them be there.
void check_placeholders(const JsonReader& reader, const std::string& key, const std::string& text, Names names) {
  for (const char* name : names) {
    if (text.find(fmt::format("{{{}}}", name)) == std::string::npos) reader.fail(key, fmt::format("lacks {{{}}}", name));
  }
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::string name = text.substr(at + 1, text.find('}', at) - at - 1);
    if (std::none_of(names.begin(), names.end(), [&](const char* known) { return name == known; })) {
      reader.fail(key, fmt::format("has {{{}}}, which stands for nothing here", name));
    }
  }
}

std::string text(const JsonReader& reader, const std::string& key, Names names = {}) {
  auto value = reader.get<std::string>(key);
  if (value.empty()) reader.fail(key, "is empty");
  check_placeholders(reader, key, value, names);
  return value;
}

std::vector<std::string> texts(const JsonReader& reader, const std::string& key, Names names = {}) {
  auto values = reader.get<std::vector<std::string>>(key);
  if (values.empty()) reader.fail(key, "is empty");
  for (const auto& value : values) {
    if (value.empty()) reader.fail(key, "holds an empty text");
    check_placeholders(reader, key, value, names);
  }
  return values;
}

std::vector<GuideTopic> read_topics(const JsonReader& reader, std::string_view origin) {
  std::vector<GuideTopic> topics;
  for (const Json& json : reader.get<std::vector<Json>>("topics")) {
    const JsonReader topic(json, fmt::format("{}: topics[{}]", origin, topics.size()));
    topics.push_back({text(topic, "key"), text(topic, "name"), texts(topic, "liked"), texts(topic, "disliked"),
                      texts(topic, "words")});
    topic.refuse_unknown();
  }
  if (topics.empty()) reader.fail("topics", "is empty");
  return topics;
}

void check_format(const JsonReader& reader) {
  if (reader.get<std::string>("format") != "paa-guide") reader.fail("format", "must be paa-guide");
  const int version = reader.get<int>("version");
  if (version > kVersion) {
    throw Error(ErrorCode::kUnsupported, fmt::format("this guide has version {}, and this library reads {}; update it",
                                                     version, kVersion));
  }
  if (version < 1) reader.fail("version", "must be at least 1");
}

}  // namespace

const char* to_string(Stage stage) noexcept { return kStageNames[static_cast<std::size_t>(stage)]; }

const GuideTopic* Guide::find(std::string_view key) const noexcept {
  const auto found = std::find_if(topics.begin(), topics.end(), [&](const auto& topic) { return topic.key == key; });
  return found == topics.end() ? nullptr : &*found;
}

Guide Guide::parse(std::string_view json, std::string_view origin) {
  const Json parsed = parse_json(json, origin);
  const JsonReader reader(parsed, std::string(origin));
  check_format(reader);
  Guide guide;
  guide.language = text(reader, "language");
  guide.name = text(reader, "name");
  guide.opening = text(reader, "opening");
  guide.closing = text(reader, "closing");
  const JsonReader stages = reader.object("stages");
  for (std::size_t i = 0; i < kStageCount; ++i) guide.general[i] = texts(stages, kStageNames[i]);
  stages.refuse_unknown();
  guide.topics = read_topics(reader, origin);
  const JsonReader follow = reader.object("follow_ups");
  guide.follow_like = texts(follow, "like", {"subject"});
  guide.follow_dislike = texts(follow, "dislike", {"subject"});
  guide.follow_thin = texts(follow, "thin");
  guide.follow_contradiction = texts(follow, "contradiction", {"earlier", "now"});
  follow.refuse_unknown();
  guide.photo_pair = texts(reader, "photo_pair");
  guide.photo_one = texts(reader, "photo_one");
  const JsonReader summary = reader.object("summary");
  guide.summary = {text(summary, "opening"), text(summary, "like", {"subject"}), text(summary, "dislike", {"subject"}),
                   text(summary, "both", {"subject", "earlier", "now"}), text(summary, "none"), text(summary, "confirm")};
  summary.refuse_unknown();
  const JsonReader words = reader.object("words");
  guide.yes = texts(words, "yes");
  words.find<Json>("no");
  words.refuse_unknown();
  const JsonReader statements = reader.object("statements");
  guide.statement_like = text(statements, "like", {"subject"});
  guide.statement_dislike = text(statements, "dislike", {"subject"});
  statements.refuse_unknown();
  reader.refuse_unknown();
  return guide;
}

const Guide& Guide::standard(std::string_view language) {
  static std::mutex mutex;
  static std::map<std::string, Guide, std::less<>> parsed;
  const std::lock_guard lock(mutex);
  if (const auto known = parsed.find(language); known != parsed.end()) return known->second;
  std::string names;
  for (const auto& data : kStandardGuides) {
    if (data.language == language) {
      return parsed.emplace(language, parse(data.json, fmt::format("the guide {}", language))).first->second;
    }
    names += (names.empty() ? "" : ", ") + std::string(data.language);
  }
  throw Error(ErrorCode::kUnsupported,
              fmt::format("there is no guide in the language \"{}\"; there are {}, and a file can be named", language, names));
}

Guide Guide::named(const std::string& language_or_file) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(language_or_file, ignored)) {
    return parse(read_text_file(language_or_file, kLargestGuide), language_or_file);
  }
  return standard(language_or_file);
}

std::string fill(std::string_view text, std::initializer_list<Filling> fillings) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto* found = text[at] != '{' ? fillings.end()
                                        : std::find_if(fillings.begin(), fillings.end(), [&](const Filling& filling) {
                                            return text.substr(at + 1).starts_with(filling.name) &&
                                                   text.substr(at + 1 + filling.name.size()).starts_with('}');
                                          });
    if (found == fillings.end()) {
      result += text[at++];
    } else {
      result += found->value;
      at += found->name.size() + 2;
    }
  }
  return result;
}

}  // namespace paa
