#include "paa/interview/preference_concepts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "paa/core/error.h"
#include "paa/dlllm/standard_concepts.h"
#include "paa/dlllm/subject_concept.h"
#include "paa/interview/clauses.h"
#include "paa/text/lower_case.h"
#include "paa/person/spoken_profile.h"

namespace paa {
namespace {

double weight(const Preference& preference) { return preference.strength * preference.confidence; }
double signed_weight(const Preference& preference) {
  return preference.polarity == Polarity::kLike ? weight(preference) : -weight(preference);
}

// "the old boats" is about "old boats".
std::string name_of(const std::string& subject) {
  std::string name = lower_case(subject);
  for (const char* article : {"a ", "an ", "the ", "my ", "our "}) {
    if (name.starts_with(article)) return name.substr(std::string_view(article).size());
  }
  return name;
}

struct Group {
  std::vector<std::size_t> members;
  double weight = 0, signed_weight = 0;
};

std::vector<Group> grouped(const std::vector<Preference>& preferences) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < preferences.size(); ++i) {
    auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return same_subject(preferences[group.members.front()].subject, preferences[i].subject);
    });
    if (found == groups.end()) found = groups.insert(groups.end(), Group());
    found->members.push_back(i);
    found->weight += weight(preferences[i]);
    found->signed_weight += signed_weight(preferences[i]);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.weight > b.weight; });
  return groups;
}

// As said and in the singular: a photo's description may lead to either.
std::vector<std::string> naming_words(const std::string& name) {
  std::vector<std::string> words;
  for (const auto& at : words_of(name)) {
    const std::string word = name.substr(at.begin, at.end - at.begin);
    const auto meaning = content_words(word);
    if (meaning.empty()) continue;
    words.push_back(word);
    if (meaning.front() != word) words.push_back(meaning.front());
  }
  if (words.empty()) words = {name};
  if (words.size() > kMaxAnchorWords) words.resize(kMaxAnchorWords);
  return words;
}

Concept about(std::string name, const std::string& words) {
  return {std::move(name),
          fmt::format("How much is this photo about {}?", words),
          fmt::format("nothing of {}", words),
          fmt::format("all about {}", words),
          kNothingWords,
          naming_words(words),
          kSubjectCue};
}

Concept concept_of(const Group& group, const std::vector<Preference>& preferences) {
  const std::string name = name_of(preferences[group.members.front()].subject);
  Concept subject = about(name, name);
  subject.stated = std::clamp(group.signed_weight, -kMaxStated, kMaxStated);
  return subject;
}

// As concept_of made it, but for `stated`.
bool untouched(const Concept& subject) {
  Concept made = about(subject.name, subject.name);
  made.stated = subject.stated;
  return subject == made;
}

}  // namespace

std::vector<Concept> concepts_from(const std::vector<Preference>& preferences) {
  std::vector<Concept> concepts;
  for (const Group& group : grouped(preferences)) {
    if (concepts.size() == kMostInterviewConcepts) break;
    Concept made = concept_of(group, preferences);
    const bool known = std::any_of(concepts.begin(), concepts.end(), [&](const auto& one) { return one.name == made.name; });
    if (!known && made.name.size() <= kMaxConceptNameBytes) concepts.push_back(std::move(made));
  }
  return concepts;
}

void add_concepts(Person& person) {
  const auto fresh = concepts_from(preferences_of(person));
  std::vector<Concept> kept;
  for (const auto& made : fresh) {
    const auto known = std::find_if(person.concepts.begin(), person.concepts.end(),
                                    [&](const auto& one) { return one.name == made.name; });
    kept.push_back(known == person.concepts.end() ? made : *known);
    kept.back().stated = made.stated;
  }
  for (const auto& old : person.concepts) {
    const bool there = std::any_of(kept.begin(), kept.end(), [&](const auto& one) { return one.name == old.name; });
    if (!there && !untouched(old) && kept.size() < kMaxConcepts) kept.push_back(old);
  }
  person.concepts = std::move(kept);
}

std::vector<Concept> concepts_that_matter(const Person& person) {
  std::vector<Concept> concepts;
  for (const auto& own : person.concepts) {
    if (own.enabled) concepts.push_back(own);
  }
  for (const auto& standard : standard_concepts()) {
    if (concepts.size() >= kLeastConcepts) break;
    concepts.push_back(standard);
  }
  return concepts;
}

Concept& find_concept(Person& person, const std::string& name) {
  for (Concept& subject : person.concepts) {
    if (lower_case(subject.name) == lower_case(name)) return subject;
  }
  std::string known;
  for (const Concept& subject : person.concepts) known += (known.empty() ? "" : ", ") + subject.name;
  throw Error(ErrorCode::kNotFound,
              fmt::format("{}: is no concept of this person's own; {}", name,
                          known.empty() ? "there is none yet: they come of interviews" : "these are: " + known));
}

void reword(Concept& subject, const std::string& words, std::string_view origin) {
  Concept made = about(subject.name, words);
  made.enabled = subject.enabled;
  made.stated = subject.stated;
  check_concept(made, origin);
  subject = std::move(made);
}

std::vector<std::size_t> evidence_of(const Concept& subject, const std::vector<Preference>& preferences) {
  std::vector<std::size_t> evidence;
  for (std::size_t i = 0; i < preferences.size(); ++i) {
    if (same_subject(preferences[i].subject, subject.name)) evidence.push_back(i);
  }
  return evidence;
}

}  // namespace paa
