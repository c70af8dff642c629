// Which question comes next.

#include "paa/interview/aim.h"

#include "catch.h"
#include "paa/interview/interviewer.h"
#include "said.h"

using paa::Aim;
using paa::Guide;
using paa::InterviewEnd;
using paa::InterviewPlan;
using paa::InterviewState;
using paa::Polarity;
using paa::QuestionKind;
using paa::Stage;

namespace {

const Guide& guide() { return Guide::standard("en"); }

InterviewState begun(const std::string& id = "a") {
  InterviewState state;
  state.id = id;
  state.language = "en";
  return state;
}

// Answers what next_aim asks, in words that are not thin.
void go_on(InterviewState& state, const InterviewPlan& plan, const std::string& answer = "a longer answer about nothing much") {
  const Aim aim = paa::next_aim(state, guide(), plan);
  paa::GuidedInterviewer interviewer(guide());
  paa::InterviewQuestion question{++state.last_turn, interviewer.ask(aim, state), aim.kind, aim.stage, aim.topic, aim.photos};
  state.turns.push_back({std::move(question), answer, 0});
}

InterviewState after(int questions, const InterviewPlan& plan = {}, const std::string& id = "a") {
  InterviewState state = begun(id);
  for (int i = 0; i < questions; ++i) go_on(state, plan);
  return state;
}

}  // namespace

TEST_CASE("An interview goes through its stages in order and to many topics", "[aim]") {
  const InterviewPlan plan;
  const InterviewState state = after(plan.questions, plan);
  auto stage = Stage::kBackground;
  std::set<Stage> stages;
  std::set<std::string> topics, texts;
  for (const auto& turn : state.turns) {
    CHECK(turn.question.stage >= stage);
    stage = turn.question.stage;
    stages.insert(stage);
    topics.insert(turn.question.topic);
    CHECK(texts.insert(turn.question.text).second);
  }
  CHECK(stages.size() == paa::kStageCount);
  CHECK(topics.size() >= 8);
}

TEST_CASE("The topic least covered is next, by questions and by what was said", "[aim]") {
  InterviewState state = after(4);
  const auto last = guide().topics.back().key;
  for (const auto& topic : guide().topics) {
    auto preference = said(Polarity::kLike, "x" + topic.key, 999);
    preference.topic = topic.key;
    if (topic.key != last) state.preferences.push_back(preference), state.preferences.push_back(preference);
  }
  const auto coverage = paa::topic_coverage(state, guide());
  if (coverage.back() <= 1) CHECK(paa::next_aim(state, guide(), {}).topic == last);
}

TEST_CASE("What was just said is followed up in the person's words, at most every other time", "[aim]") {
  InterviewState state = after(4);
  state.preferences = {said(Polarity::kDislike, "crowded beaches", state.last_turn)};
  Aim aim = paa::next_aim(state, guide(), {});
  CHECK(aim.kind == QuestionKind::kFollowUp);
  CHECK(aim.subject == "crowded beaches");
  CHECK(aim.polarity == Polarity::kDislike);
  go_on(state, {});
  CHECK(state.turns.back().question.text.find("crowded beaches") != std::string::npos);
  state.preferences.push_back(said(Polarity::kLike, "old boats", state.last_turn));
  CHECK(paa::next_aim(state, guide(), {}).kind != QuestionKind::kFollowUp);
}

TEST_CASE("A thin answer is followed up once, a skipped one never", "[aim]") {
  InterviewState state = after(4);
  state.turns.back().answer = "hmm";
  const Aim aim = paa::next_aim(state, guide(), {});
  CHECK(aim.kind == QuestionKind::kFollowUp);
  CHECK(aim.subject.empty());
  go_on(state, {}, "no");
  CHECK(paa::next_aim(state, guide(), {}).kind != QuestionKind::kFollowUp);
  state.turns.back().answer.clear();
  CHECK(paa::next_aim(state, guide(), {}).kind != QuestionKind::kFollowUp);
}

TEST_CASE("Two quotes that contradict each other are asked about once, with both", "[aim]") {
  InterviewState state = after(4);
  state.preferences = {said(Polarity::kLike, "dogs", 1), said(Polarity::kDislike, "dogs", 2)};
  state.preferences[0].quote = "dogs make me happy";
  state.preferences[1].quote = "dogs annoy me";
  const Aim aim = paa::next_aim(state, guide(), {});
  REQUIRE(aim.kind == QuestionKind::kContradiction);
  go_on(state, {});
  const std::string& text = state.turns.back().question.text;
  CHECK(text.find("dogs make me happy") != std::string::npos);
  CHECK(text.find("dogs annoy me") != std::string::npos);
  CHECK(paa::next_aim(state, guide(), {}).kind != QuestionKind::kContradiction);
}

TEST_CASE("Photos are shown in pairs in later stages, each pair once", "[aim]") {
  InterviewPlan plan;
  plan.photo_pairs = {{"a.jpg", "b.jpg"}, {"c.jpg", "d.jpg"}};
  const InterviewState state = after(plan.questions, plan);
  std::vector<std::vector<std::string>> shown;
  for (const auto& turn : state.turns) {
    if (turn.question.kind == QuestionKind::kPhotos) shown.push_back(turn.question.photos);
  }
  CHECK(shown == std::vector<std::vector<std::string>>{{"a.jpg", "b.jpg"}, {"c.jpg", "d.jpg"}});
}

TEST_CASE("An interview ends by questions, time or coverage", "[aim]") {
  InterviewPlan plan;
  constexpr std::int64_t kMinute = 60'000;
  CHECK(paa::time_to_end(begun(), guide(), plan, 0) == InterviewEnd::kOpen);
  CHECK(paa::time_to_end(after(plan.questions), guide(), plan, 0) == InterviewEnd::kQuestions);
  plan.minutes = 5;
  CHECK(paa::time_to_end(after(3), guide(), plan, 5 * kMinute) == InterviewEnd::kTime);
  CHECK(paa::time_to_end(after(3), guide(), plan, 5 * kMinute - 1) == InterviewEnd::kOpen);
  InterviewState covered = after(plan.least_questions);
  for (const auto& topic : guide().topics) {
    covered.preferences.push_back(said(Polarity::kLike, topic.key));
    covered.preferences.back().topic = topic.key;
  }
  CHECK(paa::time_to_end(covered, guide(), {}, 0) == InterviewEnd::kCovered);
}

TEST_CASE("The same state gives the same aim, other interviews other topics", "[aim]") {
  CHECK(paa::next_aim(after(6), guide(), {}) == paa::next_aim(after(6), guide(), {}));
  std::set<std::string> first;
  for (const char* id : {"a", "b", "c", "d", "e", "f"}) first.insert(paa::next_aim(after(3, {}, id), guide(), {}).topic);
  CHECK(first.size() > 1);
}
