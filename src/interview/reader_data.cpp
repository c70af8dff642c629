#include "reader_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "paa/core/json.h"
#include "standard_data.h"

namespace paa {
namespace {

using Texts = std::vector<std::string>;

ReaderData read(std::string_view json, const std::string& origin) {
  const Json parsed = parse_json(json, origin);
  const JsonReader reader(parsed, origin);
  ReaderData data;
  const JsonReader clauses = reader.object("clauses");
  data.clauses = {clauses.get<Texts>("turns"), clauses.get<Texts>("than"), clauses.get<Texts>("compares")};
  data.evasions = reader.get<Texts>("evasions");
  const JsonReader polarity = reader.object("polarity");
  data.polarity.text = polarity.get<std::string>("text");
  data.polarity.neutral = polarity.get<Texts>("neutral");
  data.polarity.like_bias = polarity.get<double>("like_bias");
  data.polarity.stated_bias = polarity.get<double>("stated_bias");
  for (const Json& item : polarity.get<std::vector<Json>>("contrasts")) {
    const JsonReader contrast(item, origin);
    data.polarity.contrasts.push_back({contrast.get<std::string>("cue"), contrast.get<Texts>("like"),
                                       contrast.get<Texts>("dislike"), contrast.get<double>("like_weight"),
                                       contrast.get<double>("stated_weight"), contrast.get<double>("stated_size_weight")});
  }
  const JsonReader subject = reader.object("subject");
  data.subject.heading = subject.get<std::string>("heading");
  for (const Texts& example : subject.get<std::vector<Texts>>("examples")) {
    if (example.size() != 2) subject.fail("examples", "must be pairs");
    data.subject.examples.emplace_back(example[0], example[1]);
  }
  data.subject.longest = subject.get<std::uint64_t>("longest");
  data.subject.inner_words = subject.get<Texts>("inner_words");
  data.subject.function_words = subject.get<Texts>("function_words");
  const JsonReader topic = reader.object("topic");
  data.topic.text = topic.get<std::string>("text");
  data.topic.cue = topic.get<std::string>("cue");
  data.topic.neutral = topic.get<Texts>("neutral");
  const Json words = topic.get<Json>("words");
  const JsonReader by_key(words, origin);
  for (const auto& [key, value] : words.items()) data.topic.words.emplace_back(key, by_key.get<Texts>(key));
  return data;
}

}  // namespace

const ReaderData* find_reader_data(std::string_view language) {
  static std::mutex mutex;
  static std::map<std::string, ReaderData, std::less<>> parsed;
  const std::lock_guard lock(mutex);
  if (const auto known = parsed.find(language); known != parsed.end()) return &known->second;
  const auto* found = std::find_if(std::begin(kStandardReaders), std::end(kStandardReaders),
                                   [&](const auto& data) { return data.language == language; });
  if (found == std::end(kStandardReaders)) return nullptr;
  return &parsed.emplace(language, read(found->json, fmt::format("the reader {}", language))).first->second;
}

}  // namespace paa
