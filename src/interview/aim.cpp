#include "paa/interview/aim.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "paa/interview/clauses.h"

namespace paa {
namespace {

constexpr std::size_t kBackgroundQuestions = 2;
// Shares of the questions after which a stage is over.
constexpr double kLikedUntil = 0.55, kDislikedUntil = 0.8;
// An answer of fewer words says little.
constexpr std::size_t kThinAnswer = 4;
// Longer ones do not read well inside a question.
constexpr std::size_t kLongestSubject = 6;

bool is_follow_up(const Turn& turn) {
  return turn.question.kind == QuestionKind::kFollowUp || turn.question.kind == QuestionKind::kContradiction;
}

std::size_t asked(const InterviewState& state) {
  return static_cast<std::size_t>(std::count_if(state.turns.begin(), state.turns.end(), [](const auto& turn) {
    return turn.question.kind != QuestionKind::kSummary;
  }));
}

Stage stage_after(std::size_t asked, int questions) {
  const double share = static_cast<double>(asked) / questions;
  if (asked < kBackgroundQuestions) return Stage::kBackground;
  if (share < kLikedUntil) return Stage::kLiked;
  if (share < kDislikedUntil) return Stage::kDisliked;
  return Stage::kContrast;
}

// The surest preference of the last turn that a question can be asked about.
const Preference* to_follow(const InterviewState& state) {
  const int last = state.turns.back().question.turn;
  const Preference* best = nullptr;
  for (const auto& preference : state.preferences) {
    if (preference.turn != last || words_of(preference.subject).size() > kLongestSubject) continue;
    if (best == nullptr || preference.confidence > best->confidence) best = &preference;
  }
  return best;
}

std::optional<Aim> follow_up(const InterviewState& state) {
  const Turn& last = state.turns.back();
  if (last.skipped() || is_follow_up(last)) return std::nullopt;
  // Every other question may follow up, or the topics would not all have their turn.
  const bool lately = state.turns.size() >= 2 && is_follow_up(state.turns[state.turns.size() - 2]);
  if (lately) return std::nullopt;
  Aim aim{QuestionKind::kFollowUp, last.question.stage, last.question.topic, {}, {}, {}, {}, {}};
  if (const Preference* said = to_follow(state)) {
    aim.subject = said->subject;
    aim.polarity = said->polarity;
    if (!said->topic.empty()) aim.topic = said->topic;
    return aim;
  }
  if (words_of(last.answer).size() < kThinAnswer) return aim;
  return std::nullopt;
}

bool was_asked_about(const InterviewState& state, const std::string& a, const std::string& b) {
  return std::any_of(state.turns.begin(), state.turns.end(), [&](const Turn& turn) {
    return turn.question.kind == QuestionKind::kContradiction && turn.question.text.find(a) != std::string::npos &&
           turn.question.text.find(b) != std::string::npos;
  });
}

std::optional<Aim> contradiction(const InterviewState& state, Stage stage) {
  for (const auto& [a, b] : contradictions(state.preferences)) {
    const Preference &earlier = state.preferences[a], &now = state.preferences[b];
    if (earlier.quote == now.quote || was_asked_about(state, earlier.quote, now.quote)) continue;
    return Aim{QuestionKind::kContradiction, stage, now.topic, now.subject, now.polarity, earlier.quote, now.quote, {}};
  }
  return std::nullopt;
}

std::size_t photo_questions(const InterviewState& state) {
  return static_cast<std::size_t>(std::count_if(state.turns.begin(), state.turns.end(), [](const auto& turn) {
    return turn.question.kind == QuestionKind::kPhotos;
  }));
}

// One pair in each of the later stages, as long as there are pairs.
std::optional<Aim> photos(const InterviewState& state, const InterviewPlan& plan, Stage stage) {
  const std::size_t shown = photo_questions(state);
  if (stage == Stage::kBackground || shown >= plan.photo_pairs.size() || shown >= static_cast<std::size_t>(stage)) {
    return std::nullopt;
  }
  const auto& pair = plan.photo_pairs[shown];
  return Aim{QuestionKind::kPhotos, stage, {}, {}, {}, {}, {}, {pair[0], pair[1]}};
}

// Different interviews begin with different topics; one interview always with the same.
std::size_t first_topic(const InterviewState& state, std::size_t count) {
  std::size_t sum = 0;
  for (const char c : state.id) sum = sum * 31 + static_cast<unsigned char>(c);
  return sum % count;
}

std::string least_covered(const InterviewState& state, const Guide& guide) {
  const auto coverage = topic_coverage(state, guide);
  const std::size_t first = first_topic(state, guide.topics.size());
  std::size_t best = first;
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    const std::size_t topic = (first + i) % coverage.size();
    if (coverage[topic] < coverage[best]) best = topic;
  }
  return guide.topics[best].key;
}

std::size_t of_kind(const InterviewState& state, Stage stage, bool with_topic) {
  return static_cast<std::size_t>(std::count_if(state.turns.begin(), state.turns.end(), [&](const auto& turn) {
    return turn.question.kind == QuestionKind::kOpen && turn.question.stage == stage &&
           turn.question.topic.empty() != with_topic;
  }));
}

// Each stage begins with a general question; contrasts stay general.
bool goes_to_a_topic(const InterviewState& state, Stage stage) {
  if (stage == Stage::kBackground) return false;
  if (stage == Stage::kContrast) return of_kind(state, stage, true) < of_kind(state, stage, false);
  return of_kind(state, stage, false) > 0;
}

}  // namespace

std::vector<int> topic_coverage(const InterviewState& state, const Guide& guide) {
  std::vector<int> coverage(guide.topics.size());
  const auto count = [&](const std::string& key) {
    for (std::size_t i = 0; i < coverage.size(); ++i) coverage[i] += guide.topics[i].key == key;
  };
  for (const auto& turn : state.turns) count(turn.question.topic);
  for (const auto& preference : state.preferences) count(preference.topic);
  return coverage;
}

InterviewEnd time_to_end(const InterviewState& state, const Guide& guide, const InterviewPlan& plan, std::int64_t now) {
  constexpr std::int64_t kMinute = 60'000;
  const auto questions = static_cast<int>(asked(state));
  if (questions >= plan.questions) return InterviewEnd::kQuestions;
  if (plan.minutes > 0 && now - state.begun >= plan.minutes * kMinute) return InterviewEnd::kTime;
  const auto coverage = topic_coverage(state, guide);
  const bool covered = std::all_of(coverage.begin(), coverage.end(), [](int times) { return times > 0; });
  return covered && questions >= plan.least_questions ? InterviewEnd::kCovered : InterviewEnd::kOpen;
}

Aim next_aim(const InterviewState& state, const Guide& guide, const InterviewPlan& plan) {
  const Stage stage = stage_after(asked(state), plan.questions);
  if (!state.turns.empty()) {
    if (auto aim = contradiction(state, stage)) return *aim;
    if (auto aim = follow_up(state)) return *aim;
  }
  if (auto aim = photos(state, plan, stage)) return *aim;
  Aim aim;
  aim.stage = stage;
  if (goes_to_a_topic(state, stage)) aim.topic = least_covered(state, guide);
  return aim;
}

}  // namespace paa
