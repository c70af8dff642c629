#include "paa/interview/interview_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr const char* kKindNames[] = {"open", "follow-up", "contradiction", "photos", "summary"};
constexpr const char* kEndNames[] = {"open", "covered", "questions", "time", "person"};

template <std::size_t N>
std::size_t index_in(const char* const (&names)[N], const JsonReader& reader, const char* key) {
  const auto name = reader.get<std::string>(key);
  const auto found = std::find_if(std::begin(names), std::end(names), [&](const char* known) { return name == known; });
  if (found == std::end(names)) reader.fail(key, fmt::format("\"{}\" is unknown", name));
  return static_cast<std::size_t>(found - std::begin(names));
}

Stage stage_of(const JsonReader& reader) {
  const auto name = reader.get<std::string>("stage");
  for (std::size_t i = 0; i < kStageCount; ++i) {
    if (name == to_string(static_cast<Stage>(i))) return static_cast<Stage>(i);
  }
  reader.fail("stage", fmt::format("\"{}\" is unknown", name));
}

InterviewQuestion read_question(const JsonReader& reader) {
  InterviewQuestion question{reader.get<int>("turn"), reader.get<std::string>("text"),
                    static_cast<QuestionKind>(index_in(kKindNames, reader, "kind")), stage_of(reader),
                    reader.get_or<std::string>("topic", ""), reader.get_or<std::vector<std::string>>("photos", {})};
  if (question.text.empty()) reader.fail("text", "is empty");
  return question;
}

class Applying {
 public:
  Applying(InterviewState& state, const JsonReader& reader, std::string_view origin)
      : state_(state), reader_(reader), origin_(origin) {}

  void question() {
    if (state_.open) reader_.fail("event", "asks while another question is open");
    InterviewQuestion asked = read_question(reader_);
    if (asked.turn <= state_.last_turn) reader_.fail("turn", "was there before");
    state_.last_turn = asked.turn;
    state_.open = std::move(asked);
  }

  void answer() {
    auto text = reader_.get<std::string>("text");
    if (text.empty()) reader_.fail("text", "is empty");
    close(std::move(text), reader_.get<std::int64_t>("time"));
  }

  void skip() { close("", reader_.get<std::int64_t>("time")); }

  // The question before is no more; it will be asked anew.
  void back() {
    if (state_.turns.empty()) reader_.fail("event", "goes back before the first question");
    const int gone = state_.turns.back().question.turn;
    state_.turns.pop_back();
    state_.open.reset();
    state_.confirmed = false;
    state_.end = InterviewEnd::kOpen;
    std::erase_if(state_.preferences, [&](const auto& preference) { return preference.turn == gone; });
    state_.analysed.erase(gone);
  }

  // Of a turn that was gone back on meanwhile nothing is kept.
  void preferences() {
    const int turn = reader_.get<int>("turn");
    std::vector<Preference> read;
    for (const Json& json : reader_.get<std::vector<Json>>("preferences")) {
      read.push_back(preference_from_json(json, origin_));
    }
    reader_.find<std::string>("error");
    if (state_.find(turn) == nullptr) return;
    if (!state_.analysed.insert(turn).second) return;
    state_.preferences.insert(state_.preferences.end(), read.begin(), read.end());
    std::stable_sort(state_.preferences.begin(), state_.preferences.end(),
                     [](const auto& a, const auto& b) { return a.turn < b.turn; });
  }

  void end() {
    state_.end = static_cast<InterviewEnd>(index_in(kEndNames, reader_, "reason"));
    state_.open.reset();
  }

 private:
  void close(std::string answer, std::int64_t time) {
    if (!state_.open || reader_.get<int>("turn") != state_.open->turn) reader_.fail("turn", "is not the open question's");
    state_.turns.push_back({std::move(*state_.open), std::move(answer), time});
    state_.open.reset();
  }

  InterviewState& state_;
  const JsonReader& reader_;
  std::string origin_;
};

}  // namespace

const char* to_string(QuestionKind kind) noexcept { return kKindNames[static_cast<std::size_t>(kind)]; }
const char* to_string(InterviewEnd end) noexcept { return kEndNames[static_cast<std::size_t>(end)]; }

std::vector<int> InterviewState::pending() const {
  std::vector<int> numbers;
  for (const auto& turn : turns) {
    if (!turn.skipped() && !analysed.contains(turn.question.turn)) numbers.push_back(turn.question.turn);
  }
  return numbers;
}

const Turn* InterviewState::find(int turn) const noexcept {
  const auto found =
      std::find_if(turns.begin(), turns.end(), [&](const auto& known) { return known.question.turn == turn; });
  return found == turns.end() ? nullptr : &*found;
}

void InterviewState::apply(const Json& event, std::string_view origin) {
  const JsonReader reader(event, std::string(origin));
  const auto kind = reader.get<std::string>("event");
  Applying applying(*this, reader, origin);
  if (kind == "question") {
    applying.question();
  } else if (kind == "answer") {
    applying.answer();
  } else if (kind == "skip") {
    applying.skip();
  } else if (kind == "back") {
    applying.back();
  } else if (kind == "preferences") {
    applying.preferences();
  } else if (kind == "confirmed") {
    confirmed = true;
  } else if (kind == "end") {
    applying.end();
  } else {
    reader.fail("event", fmt::format("\"{}\" is unknown", kind));
  }
  reader.refuse_unknown();
}

Json question_event(const InterviewQuestion& question) {
  Json event = {{"event", "question"},
                {"turn", question.turn},
                {"text", question.text},
                {"kind", to_string(question.kind)},
                {"stage", to_string(question.stage)}};
  if (!question.topic.empty()) event["topic"] = question.topic;
  if (!question.photos.empty()) event["photos"] = question.photos;
  return event;
}

Json answer_event(int turn, std::string_view answer, std::int64_t time) {
  if (answer.empty()) return {{"event", "skip"}, {"turn", turn}, {"time", time}};
  return {{"event", "answer"}, {"turn", turn}, {"text", answer}, {"time", time}};
}

Json preferences_event(int turn, const std::vector<Preference>& preferences) {
  Json list = Json::array();
  for (const auto& preference : preferences) list.push_back(preference_to_json(preference));
  return {{"event", "preferences"}, {"turn", turn}, {"preferences", list}};
}

}  // namespace paa
