#include "interview_session.h"

#include <filesystem>
#include <utility>

#include "paa/core/error.h"
#include "paa/interview/preference_concepts.h"

namespace paa::cli {
namespace {

Json understood(const InterviewState& state) {
  Json list = Json::array();
  for (const auto& preference : state.preferences) {
    list.push_back({{"polarity", to_string(preference.polarity)}, {"subject", preference.subject}, {"quote", preference.quote}});
  }
  return list;
}

}  // namespace

Json InterviewSession::turn_json(const InterviewQuestion& question) const {
  Json json = {{"question", question.text}, {"kind", to_string(question.kind)}, {"photos", Json::array()}};
  for (const auto& path : question.photos) {
    if (const std::string hash = photos_.hash_of(path); !hash.empty()) json["photos"].push_back(hash);
  }
  return json;
}

Json InterviewSession::state() {
  if (!last_.is_null()) return last_;
  if (!run_) return {{"begun", false}, {"waiting", std::filesystem::exists(interview_path(setup_.person))}};
  Interview& interview = run_->interview();
  const auto question = interview.question();
  const auto state = interview.state();
  Json json = {{"begun", true},
               {"over", false},
               {"opening", run_->guide().opening},
               {"closing", run_->guide().closing},
               {"turns", Json::array()},
               {"open", question ? turn_json(*question) : Json()},
               {"understood", understood(*state)},
               {"reading", state->pending().size()},
               {"faults", interview.faults()}};
  for (const auto& turn : state->turns) {
    Json one = turn_json(turn.question);
    one["answer"] = turn.answer;
    json["turns"].push_back(std::move(one));
  }
  return json;
}

void InterviewSession::finish() {
  Json json = state();
  const Person person = run_->interview().finish();
  json["over"] = true;
  json["concepts"] = Json::array();
  for (const auto& subject : concepts_that_matter(person)) json["concepts"].push_back(subject.name);
  last_ = std::move(json);
  run_.reset();
  photos_.look_again();
}

void InterviewSession::say(const Json& request) {
  const JsonReader reader(request, "what the page says");
  const auto what = reader.get<std::string>("interview");
  const auto text = reader.get_or<std::string>("text", "");
  reader.refuse_unknown();
  if (what == "begin") {
    last_ = nullptr;
    if (!run_) run_.emplace(setup_, photos_.model(), photo_pairs_of(photos_.paths()));
    return;
  }
  if (!run_) throw Error(ErrorCode::kInvalidArgument, "no interview was begun on this page");
  Interview& interview = run_->interview();
  if (what == "answer") {
    interview.answer(text);
  } else if (what == "skip") {
    interview.skip();
  } else if (what == "back") {
    interview.back();
  } else if (what == "stop") {
    interview.stop();
  } else {
    reader.fail("interview", "must be begin, answer, skip, back or stop");
  }
  if (interview.over()) finish();
}

}  // namespace paa::cli
