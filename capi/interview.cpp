#include "paa/interview/interview.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "chat.h"
#include "guard.h"
#include "handles.h"
#include "paa/interview/contrast_reader.h"
#include "paa/interview/schema_reader.h"
#include "person.h"
#include "sized_struct.h"
#include "view.h"

struct paa_interview {
  std::shared_ptr<const paa::Pmllm> model;
  std::unique_ptr<paa::RelayedChat> chat;
  std::filesystem::path person;
  paa::Guide guide;
  std::unique_ptr<paa::AnswerReader> reader;
  std::unique_ptr<paa::Interviewer> interviewer;
  std::optional<paa::InterviewQuestion> asked;  // what a caller's texts point into
  std::optional<paa::Interview> running;        // refers to the others, so it is gone before them
};

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_interview_options> = offsetof(paa_interview_options, photo_count) +
                                                                 sizeof(std::size_t);
template <>
inline constexpr std::size_t kFirstSize<paa_interview_question> = offsetof(paa_interview_question, other_size) +
                                                                  sizeof(std::size_t);

namespace {

constexpr int kFewestQuestions = 4, kMostQuestions = 60, kMostMinutes = 600;

paa_interview_options defaults() {
  const InterviewPlan plan;
  const auto minutes = static_cast<std::int32_t>(plan.minutes);
  return {sizeof(paa_interview_options), "en", 2, plan.questions, minutes, nullptr, nullptr, nullptr, 0};
}

InterviewPlan plan_of(const paa_interview_options& options) {
  if (options.questions < kFewestQuestions || options.questions > kMostQuestions) {
    refuse("options.questions is " + std::to_string(options.questions) + ", and must be from 4 to 60");
  }
  if (options.minutes < 0 || options.minutes > kMostMinutes) refuse("options.minutes must be from 0 to 600");
  if (options.photo_count % 2 != 0) refuse("options.photo_count is odd; photos are shown two at a time");
  InterviewPlan plan;
  plan.questions = options.questions;
  plan.minutes = options.minutes;
  const auto photos = handles(options.photos, options.photo_count, "options.photos");
  for (std::size_t i = 0; i < photos.size(); i += 2) plan.photo_pairs.push_back({photos[i], photos[i + 1]});
  return plan;
}

// Who asks and who reads.
void gather(paa_interview& interview, const paa_model* model) {
  if (interview.chat) {
    interview.reader = std::make_unique<SchemaReader>(*interview.chat, interview.guide);
    interview.interviewer = std::make_unique<FreeInterviewer>(interview.guide, *interview.chat);
    return;
  }
  if (model == nullptr) refuse("model is NULL, and options.chat too: one of them must read the answers");
  interview.model = model->value;
  interview.reader = std::make_unique<ContrastReader>(*interview.model, interview.guide);
  interview.interviewer = std::make_unique<GuidedInterviewer>(interview.guide);
}

std::unique_ptr<paa_interview> begin(const paa_model* model, const paa_person& person,
                                     const paa_interview_options& options) {
  if (person.path.empty()) refuse("person has no file, beside which an interview is kept; open one with a path");
  auto interview = std::make_unique<paa_interview>();
  interview->person = person.path;
  interview->guide = Guide::named(file_name(options.language, options.language_size, "options.language"));
  interview->chat = relayed_chat(options.chat, options.chat_user_data);
  gather(*interview, model);
  interview->running.emplace(person.path, interview->guide, *interview->reader, *interview->interviewer,
                             plan_of(options));
  return interview;
}

template <class Handle>  // const or not
auto& running(Handle* interview) {
  auto& held = required(interview, "interview");
  if (!held.running) refuse("the interview is finished");
  return *held.running;
}

paa_interview_question told(const std::optional<InterviewQuestion>& question) {
  static const std::string kNone;
  paa_interview_question result{};
  const auto photo = [&](std::size_t i) -> const std::string& {
    return question && i < question->photos.size() ? question->photos[i] : kNone;
  };
  point_at(result.text, result.text_size, question ? question->text : kNone);
  point_at(result.photo, result.photo_size, photo(0));
  point_at(result.other, result.other_size, photo(1));
  if (!question) return result;
  result.turn = question->turn;
  result.summary = question->kind == QuestionKind::kSummary;
  return result;
}

Json turn_json(const Turn& turn) {
  return {{"turn", turn.question.turn},
          {"kind", to_string(turn.question.kind)},
          {"topic", turn.question.topic},
          {"question", turn.question.text},
          {"answer", turn.answer}};
}

std::string snapshot(const Interview& interview) {
  const auto state = interview.state();
  Json json = {{"id", state->id},
               {"language", state->language},
               {"over", interview.over()},
               {"turns", Json::array()},
               {"preferences", Json::array()},
               {"unread", state->pending().size()},
               {"faults", interview.faults()}};
  for (const auto& turn : state->turns) json["turns"].push_back(turn_json(turn));
  for (const auto& preference : state->preferences) json["preferences"].push_back(preference_to_json(preference));
  return to_text(json);
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_interview_options_init(paa_interview_options* options, size_t struct_size) {
  return guard(__func__, [&] { write_struct(options, struct_size, defaults(), "options"); });
}

paa_status paa_interview_begin(paa_interview** interview, const paa_model* model, const paa_person* person,
                               const paa_interview_options* options) {
  return guard(__func__, [&] {
    required(interview, "interview") = nullptr;
    *interview = begin(model, required(person, "person"), read_struct(options, defaults(), "options")).release();
  });
}

void paa_interview_free(paa_interview* interview) { delete interview; }

paa_status paa_interview_question_init(paa_interview_question* question, size_t struct_size) {
  return guard(__func__, [&] { write_struct(question, struct_size, paa_interview_question{}, "question"); });
}

paa_status paa_interview_ask(paa_interview_question* question, paa_interview* interview, const paa_cancel* cancel) {
  return guard(__func__, [&] {
    const std::size_t size = required(question, "question").struct_size;
    check_struct_size<paa_interview_question>(size, "question");
    auto asked = running(interview).question({}, cancel_flag(cancel));
    interview->asked = std::move(asked);
    write_struct(question, size, told(interview->asked), "question");
  });
}

paa_status paa_interview_answer(paa_interview* interview, const char* words, size_t size) {
  return guard(__func__, [&] { running(interview).answer(text(words, size, "text")); });
}

paa_status paa_interview_skip(paa_interview* interview) {
  return guard(__func__, [&] { running(interview).skip(); });
}

paa_status paa_interview_back(paa_interview* interview) {
  return guard(__func__, [&] {
    if (!running(interview).back()) throw paa::Error(paa::ErrorCode::kNotFound, "nothing was answered yet");
  });
}

paa_status paa_interview_stop(paa_interview* interview) {
  return guard(__func__, [&] { running(interview).stop(); });
}

paa_status paa_interview_snapshot(paa_text** json, const paa_interview* interview) {
  return guard(__func__, [&] { make_handle(json, "json", [&] { return snapshot(running(interview)); }); });
}

paa_status paa_interview_finish(paa_interview* interview, paa_person* person, const paa_cancel* cancel) {
  return guard(__func__, [&] {
    auto& ending = running(interview);
    auto& written = required(person, "person");
    if (written.path != interview->person) refuse("person is not the one that the interview was begun with");
    take_in(written, ending.finish(cancel_flag(cancel)));
    interview->running.reset();
  });
}
