#include "rate_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "console.h"
#include "paa/core/error.h"
#include "paa/dlllm/asked.h"
#include "paa/image/decode.h"
#include "paa/image/encode_jpeg.h"
#include "said.h"

namespace paa::cli {
namespace {

// Of a larger folder an evenly spread part is asked about: an answer must be learned from while the person waits.
constexpr std::size_t kAskedAbout = 400;
constexpr std::size_t kAhead = 2;
constexpr std::size_t kBest = 6;
// The same few photos are shown again and again, and decoding takes longer than anything else here.
constexpr std::size_t kKeptJpegs = 64;

VerdictKind kind_of(const JsonReader& reader) {
  const auto name = reader.get<std::string>("kind");
  for (const auto kind : {VerdictKind::kStars, VerdictKind::kPreference, VerdictKind::kKeep, VerdictKind::kReject}) {
    if (name == to_string(kind)) return kind;
  }
  reader.fail("kind", "must be stars, preference, keep, reject, skip or undo");
}

}  // namespace

RateSession::RateSession(const PersonalOptions& options, const ScoringOptions& scoring, const FoundPhotos& found,
                         const Cancel* cancel)
    : options_(options),
      found_(found),
      jobs_(scoring.jobs),
      run_(options, scoring, found.photos, cancel, true),
      library_(see_library(run_, found, scoring.jobs, cancel)) {
  if (library_.photos.empty()) throw Error(ErrorCode::kNotFound, "there is no photo to ask about that can be read");
}

std::size_t RateSession::place_of(const std::string& sha256) const {
  const std::size_t place = library_.find(sha256);
  if (place == library_.photos.size()) {
    throw Error(ErrorCode::kNotFound, fmt::format("the photo {} is none of those being rated", sha256.substr(0, 12)));
  }
  return place;
}

std::string RateSession::name_of(std::size_t photo) const { return library_.photos[photo].path.filename().string(); }

double RateSession::expected(std::size_t photo) const {
  const auto row = library_.rows.row(photo);
  return run_.scorer().model().predict({library_.rows.columns, {row.begin(), row.end()}}).front().score.mean;
}

std::vector<Question> RateSession::questions(const QuestionWish& wish) const {
  std::vector<std::string> asked = run_.person().asked;
  for (const auto& step : steps_) asked.push_back(step.key);
  ElicitationOptions options = not_again(run_.person(), asked, library_.hashes());
  options.count = 1 + kAhead;
  options.pairs = wish.pairs;
  options.most_photos = kAskedAbout;
  if (!wish.worth_it) options.threshold = 0;
  return next_questions(run_.scorer().model().fusion(), library_.rows, options);
}

Json RateSession::question_json(const Question& question) const {
  Json json = {{"kind", to_string(question.pair ? VerdictKind::kPreference : VerdictKind::kStars)},
               {"photo", library_.photos[question.photo].sha256},
               {"name", name_of(question.photo)}};
  if (question.pair) {
    json["other"] = library_.photos[question.other].sha256;
    json["other_name"] = name_of(question.other);
  }
  return json;
}

Json RateSession::best() const {
  const auto predictions = run_.scorer().model().predict(library_.rows);
  std::vector<std::size_t> order(predictions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return predictions[a].score.mean > predictions[b].score.mean;
  });
  order.resize(std::min(order.size(), kBest));
  Json best = Json::array();
  for (const auto place : order) {
    const PersonalScore scored = run_.scorer().score(library_.photos[place]);
    best.push_back({{"photo", library_.photos[place].sha256},
                    {"name", name_of(place)},
                    {"stars", scored.prediction.score.mean},
                    {"reasons", reasons_text(scored.reasons)}});
  }
  return best;
}

void RateSession::look_again() {
  second_look_.reset();
  second_look_.emplace(run_, found_, jobs_);
}

Json RateSession::looking() const {
  if (!second_look_ || second_look_->over()) return nullptr;
  const auto [done, total] = second_look_->progress();
  return {{"done", done}, {"of", total}};
}

void RateSession::take_second_look() {
  if (!second_look_ || !second_look_->over()) return;
  try {
    auto seen = second_look_->take();
    if (!seen.library.photos.empty()) {
      run_.adopt(std::move(seen.scorer), found_.photos);
      library_ = std::move(seen.library);
    }
  } catch (const std::exception& e) {
    complain(fmt::format("what the interview found counts from the next start only, for: {}", e.what()));
  }
  second_look_.reset();
}

Json RateSession::state(const QuestionWish& wish) {
  take_second_look();
  const Person& person = run_.person();
  Json json = {{"person", run_.name()},
               {"scale", {person.scale_low, person.scale_high}},
               {"verdicts", current_verdicts(person.verdicts).size()},
               {"photos", library_.photos.size()},
               {"can_undo", !steps_.empty()},
               {"question", nullptr},
               {"next", Json::array()},
               {"last", steps_.empty() ? Json() : steps_.back().told},
               {"best", best()},
               {"looking", looking()}};
  const auto next = questions(wish);
  if (next.empty()) return json;
  json["question"] = question_json(next.front());
  for (std::size_t i = 1; i < next.size(); ++i) {
    json["next"].push_back(library_.photos[next[i].photo].sha256);
    if (next[i].pair) json["next"].push_back(library_.photos[next[i].other].sha256);
  }
  return json;
}

void RateSession::say(const Json& request) {
  const JsonReader reader(request, "what the page says");
  const auto said = reader.get<std::string>("kind");
  if (said == "undo") {
    reader.refuse_unknown();
    return undo();
  }
  const std::size_t photo = place_of(reader.get<std::string>("photo"));
  const bool two = reader.has("other");
  const std::size_t other = two ? place_of(reader.get<std::string>("other")) : photo;
  if (two && other == photo) reader.fail("other", "is the same photo");
  const std::string key = question_key(library_.photos[photo].sha256, two ? library_.photos[other].sha256 : "");
  if (said == "skip") {
    reader.refuse_unknown();
    steps_.push_back({true, key, {}, nullptr});
    return;
  }
  Verdict verdict{kind_of(reader), library_.photos[photo].sha256, {}, 0, 0};
  Json told = {{"name", name_of(photo)}, {"said", said}, {"expected", expected(photo)}};
  if ((verdict.kind == VerdictKind::kPreference) != two) reader.fail("other", "is for a preference, and only for one");
  if (two) verdict.other = library_.photos[other].sha256;
  if (verdict.kind == VerdictKind::kStars) {
    const Person& person = run_.person();
    verdict.stars = reader.get<double>("stars");
    if (!(verdict.stars >= person.scale_low && verdict.stars <= person.scale_high)) {
      reader.fail("stars", fmt::format("must be from {} to {}", person.scale_low, person.scale_high));
    }
    told["stars"] = verdict.stars;
  }
  reader.refuse_unknown();
  write(verdict);
  steps_.push_back({false, key, std::move(verdict), std::move(told)});
}

void RateSession::write(Verdict& verdict) {
  update_person(options_.person, [&](Person& person) {
    verdict.time = time_to_say(person);
    for (const auto& photo : {verdict.photo, verdict.other}) {
      if (photo.empty()) continue;
      const FeaturedPhoto& seen = library_.photos[place_of(photo)];
      KnownPhoto& known = person.photos[photo];
      known.path = place_of_photo(seen.path);
    }
    person.verdicts.push_back(verdict);
  });
  run_.reread(found_.photos);
}

void RateSession::undo() {
  if (steps_.empty()) throw Error(ErrorCode::kInvalidArgument, "nothing was said in this sitting that could be undone");
  const Step last = steps_.back();
  if (!last.skipped) {
    update_person(options_.person, [&](Person& person) {
      const auto found = std::find(person.verdicts.rbegin(), person.verdicts.rend(), last.verdict);
      if (found != person.verdicts.rend()) person.verdicts.erase(std::next(found).base());
    });
    run_.reread(found_.photos);
  }
  steps_.pop_back();
}

std::vector<std::string> RateSession::paths() const {
  std::vector<std::string> paths;
  for (const auto& photo : library_.photos) paths.push_back(photo.path.string());
  return paths;
}

std::string RateSession::hash_of(const std::string& path) const {
  const auto found = std::find_if(library_.photos.begin(), library_.photos.end(),
                                  [&](const auto& photo) { return photo.path.string() == path; });
  return found == library_.photos.end() ? "" : found->sha256;
}

std::string RateSession::jpeg(const std::string& sha256, int side) {
  const auto path = library_.photos[place_of(sha256)].path;
  const auto key = std::pair(sha256, side);
  if (const auto known = jpegs_.find(key); known != jpegs_.end()) return known->second;
  if (jpegs_.size() >= kKeptJpegs) jpegs_.clear();
  return jpegs_[key] = encode_jpeg(read_image(path), side);
}

}  // namespace paa::cli
