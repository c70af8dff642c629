#include "paa/interview/interview.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "paa/core/clock.h"
#include "paa/core/error.h"
#include "paa/interview/preference_concepts.h"
#include "paa/text/utf8.h"

namespace paa {
namespace {

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; });
}

std::string plain_answer(std::string_view text) {
  std::string answer = replace_invalid_utf8(text);
  for (char& c : answer) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) c = ' ';
  }
  return is_blank(answer) ? "" : answer;
}

Json transcript(const InterviewState& state) {
  Json turns = Json::array();
  for (const auto& turn : state.turns) {
    Json json = question_event(turn.question);
    json.erase("event");
    json["answer"] = turn.answer;
    json["time"] = turn.time;
    turns.push_back(std::move(json));
  }
  return {{"id", state.id},
          {"language", state.language},
          {"begun", state.begun},
          {"end", to_string(state.end)},
          {"confirmed", state.confirmed},
          {"turns", std::move(turns)}};
}

Json without(const Json& entries, const char* key, const std::string& value) {
  Json kept = Json::array();
  for (const Json& entry : entries) {
    if (entry.value(key, "") != value) kept.push_back(entry);
  }
  return kept;
}

}  // namespace

Interview::Interview(const std::filesystem::path& person, const Guide& guide, AnswerReader& reader,
                     Interviewer& interviewer, InterviewPlan plan)
    : person_(person),
      guide_(guide),
      interviewer_(interviewer),
      plan_(std::move(plan)),
      log_(interview_path(person), guide.language),
      analyzer_(reader, log_) {
  if (log_.state()->language == guide.language) return;
  throw Error(ErrorCode::kMismatch, fmt::format("{}: this interview was begun in the language \"{}\", not \"{}\"; go on in that one, or "
                                                "delete it", log_.path().string(), log_.state()->language, guide.language));
}

void Interview::ask(const Aim& aim, std::string text) {
  log_.append(question_event({log_.state()->last_turn + 1, std::move(text), aim.kind, aim.stage, aim.topic, aim.photos}));
}

std::optional<InterviewQuestion> Interview::question(const ChatCallback& callback, const Cancel* cancel) {
  auto state = log_.state();
  if (state->confirmed) return std::nullopt;
  if (state->open) {
    if (callback) callback(state->open->text);
    return state->open;
  }
  if (state->end == InterviewEnd::kOpen) {
    const InterviewEnd end = time_to_end(*state, guide_, plan_, now_ms());
    if (end != InterviewEnd::kOpen) log_.append({{"event", "end"}, {"reason", to_string(end)}});
  }
  state = log_.state();
  if (state->end != InterviewEnd::kOpen) {
    analyzer_.drain(cancel);
    std::string text = summary_text(*log_.state(), guide_);
    if (callback) callback(text);
    ask({QuestionKind::kSummary, Stage::kContrast, {}, {}, {}, {}, {}, {}}, std::move(text));
  } else {
    const Aim aim = next_aim(*state, guide_, plan_);
    ask(aim, interviewer_.ask(aim, *state, callback, cancel));
  }
  return log_.state()->open;
}

void Interview::answer(std::string_view text) {
  if (text.size() > kMaxAnswerBytes) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("an answer of {} bytes is longer than the limit of {}; say it shorter",
                                                         text.size(), kMaxAnswerBytes));
  }
  const auto open = log_.state()->open;
  if (!open) throw Error(ErrorCode::kInvalidArgument, "there is no question to answer");
  const std::string answer = plain_answer(text);
  log_.append(answer_event(open->turn, answer, now_ms()));
  // Silence is consent: who skips the summary has nothing to correct.
  if (open->kind == QuestionKind::kSummary && (answer.empty() || agrees(answer, guide_))) {
    log_.append({{"event", "confirmed"}});
  } else {
    analyzer_.look();
  }
}

void Interview::skip() { answer(""); }

bool Interview::back() {
  const auto state = log_.state();
  if (state->turns.empty()) return false;
  InterviewQuestion again = state->turns.back().question;
  again.turn = state->last_turn + 1;
  log_.append({{"event", "back"}});
  log_.append(question_event(again));
  return true;
}

void Interview::stop() {
  const auto state = log_.state();
  if (state->open && state->open->kind == QuestionKind::kSummary) return skip();
  if (state->end != InterviewEnd::kOpen) return;
  log_.append({{"event", "end"}, {"reason", to_string(InterviewEnd::kPerson)}});
}

Person Interview::finish(const Cancel* cancel) {
  analyzer_.drain(cancel);
  const auto state = log_.state();
  const Person person = update_person(person_, [&](Person& changed) { add_interview(changed, *state); });
  log_.remove();
  return person;
}

void add_interview(Person& person, const InterviewState& state) {
  person.preferences = without(person.preferences, "interview", state.id);
  for (const auto& preference : state.preferences) person.preferences.push_back(preference_to_json(preference));
  person.interviews = without(person.interviews, "id", state.id);
  if (!state.turns.empty()) person.interviews.push_back(transcript(state));
  add_concepts(person);
}

}  // namespace paa
