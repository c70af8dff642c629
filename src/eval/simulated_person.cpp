#include "paa/eval/simulated_person.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "paa/core/error.h"
#include "paa/core/json.h"
#include "simulated_answers.h"

namespace paa::eval {
namespace {

using Texts = std::vector<std::string>;

// Chances, of 100.
constexpr std::uint64_t kTellsInBackground = 50, kEpisode = 25, kAside = 60, kOpposite = 50, kTurns = 60;

const std::map<std::string, Texts>& wordings() {
  static const auto parsed = parse_json(kSimulatedAnswers, "the simulated answers").get<std::map<std::string, Texts>>();
  return parsed;
}

const std::string& any(const Texts& texts, Random& random) { return texts[random.below(texts.size())]; }

std::string worded(const std::string& wording, const std::string& phrase) {
  std::string capital = phrase;
  if (capital.front() >= 'a' && capital.front() <= 'z') capital.front() = static_cast<char>(capital.front() - 'a' + 'A');
  return fill(wording, {{"x", phrase}, {"X", capital}});
}

bool shares_a_word(const std::string& a, const std::string& b) {
  const auto left = content_words(a), right = content_words(b);
  return std::any_of(left.begin(), left.end(),
                     [&](const auto& word) { return std::find(right.begin(), right.end(), word) != right.end(); });
}

}  // namespace

const char* to_string(Manner manner) noexcept {
  constexpr std::array kNames = {"plain", "terse", "contradictory", "off topic"};
  return kNames[static_cast<std::size_t>(manner)];
}

std::string topic_of_trait(const TasteTrait& trait) {
  static const std::map<std::string, std::string> topics = {
      {"animals", "animals"}, {"people", "people"},    {"objects", "objects"}, {"vehicles", "objects"},
      {"interiors", "places"}, {"buildings", "places"}, {"scenes", "nature"},   {"plants", "nature"},
      {"light", "light"},     {"colours", "colour"},   {"composition", "composition"}};
  const auto found = topics.find(trait.family.empty() ? trait.key : trait.family);
  return found == topics.end() ? "" : found->second;
}

SimulatedPerson::SimulatedPerson(Taste taste, const TasteVocabulary& vocabulary, Manner manner, std::uint64_t seed)
    : taste_(std::move(taste)), vocabulary_(&vocabulary), manner_(manner), random_(seed) {
  for (const auto& item : taste_.items) {
    if (item.trait >= vocabulary.traits.size()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("a taste is of trait {}, and the vocabulary has {}", item.trait,
                                                           vocabulary.traits.size()));
    }
  }
}

bool SimulatedPerson::was_said(std::size_t item) const {
  return std::any_of(said_.begin(), said_.end(), [&](const auto& said) { return said.item == item && !said.turned; });
}

std::string SimulatedPerson::nothing() {
  const auto& texts = wordings();
  if (manner_ == Manner::kOffTopic && random_.below(100) < kAside) return any(texts.at("asides"), random_);
  return any(texts.at("nothing"), random_);
}

std::string SimulatedPerson::tell(std::size_t item, const InterviewQuestion& question, bool again) {
  const TasteTrait& trait = vocabulary_->traits[taste_.items[item].trait];
  bool like = taste_.items[item].weight > 0;
  // Who dislikes dark photos may say so, or that they like bright ones.
  const bool opposite = !trait.opposite_phrases.empty() && random_.below(100) < kOpposite;
  const std::string phrase = any(opposite ? trait.opposite_phrases : trait.phrases, random_);
  if (opposite) like = !like;
  const std::string end = like ? "like" : "dislike";
  const auto& texts = wordings();
  const bool episode = again || random_.below(100) < kEpisode;
  const std::string kind = manner_ == Manner::kTerse ? "terse_" : episode ? "episode_" : "";
  std::string answer = worded(any(texts.at(kind + end), random_), phrase);
  said_.push_back({item, question.turn, phrase, like ? Polarity::kLike : Polarity::kDislike, false});
  if (manner_ == Manner::kOffTopic && random_.below(100) < kAside) answer += " " + any(texts.at("asides"), random_);
  if (manner_ == Manner::kContradictory && again && random_.below(100) < kTurns) {
    answer += " " + worded(any(texts.at(like ? "turn_dislike" : "turn_like"), random_), phrase);
    said_.push_back({item, question.turn, phrase, like ? Polarity::kDislike : Polarity::kLike, true});
  }
  return answer;
}

std::string SimulatedPerson::answer(const InterviewQuestion& question) {
  if (question.kind == QuestionKind::kSummary) return "yes";
  if (question.kind == QuestionKind::kFollowUp || question.kind == QuestionKind::kContradiction) {
    for (const auto& said : said_) {
      if (question.text.find(said.phrase) != std::string::npos) return tell(said.item, question, true);
    }
  }
  if (question.stage == Stage::kBackground && random_.below(100) >= kTellsInBackground) return nothing();
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < taste_.items.size(); ++i) {
    const bool about = question.topic.empty() || topic_of_trait(vocabulary_->traits[taste_.items[i].trait]) == question.topic;
    if (!about || was_said(i)) continue;
    // Asked for what they dislike, people tell that first.
    const bool wanted = (taste_.items[i].weight > 0) == (question.stage != Stage::kDisliked);
    if (!chosen || wanted) chosen = i;
  }
  return chosen ? tell(*chosen, question, false) : nothing();
}

FoundTastes compare(const SimulatedPerson& person, const std::vector<Preference>& preferences) {
  FoundTastes result;
  result.planted = person.taste().items.size();
  std::set<std::size_t> found;
  std::set<std::pair<std::string, Polarity>> distinct;
  for (const auto& preference : preferences) {
    if (!distinct.emplace(preference.subject, preference.polarity).second) continue;
    ++result.preferences;
    bool right = false;
    for (const auto& said : person.said()) {
      if (said.turn != preference.turn || said.polarity != preference.polarity) continue;
      if (!shares_a_word(said.phrase, preference.subject)) continue;
      right = true;
      if (!said.turned) found.insert(said.item);
    }
    result.right += right;
  }
  result.found = found.size();
  return result;
}

std::vector<Preference> perfect_preferences(const SimulatedPerson& person) {
  std::vector<Preference> preferences;
  for (const auto& said : person.said()) {
    if (said.turned) continue;
    const bool like = said.polarity == Polarity::kLike;
    const bool strong = std::abs(person.taste().items[said.item].weight) >= kStrongTaste;
    preferences.push_back({(like ? "likes " : "dislikes ") + said.phrase, said.phrase, said.polarity, strong ? 3 : 2, 1, "",
                           "simulated", said.turn, said.phrase});
  }
  return preferences;
}

}  // namespace paa::eval
