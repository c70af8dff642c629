#include "personal_run.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <utility>

#include "console.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/error.h"
#include "paa/dlllm/feature_cache.h"
#include "paa/image/encode_jpeg.h"

namespace paa::cli {
namespace {

constexpr std::size_t kNamedPhotos = 3;

Population load_population(const PersonalOptions& options, const std::string& model) {
  return options.population.empty() ? population_of_model(find_model(model)) : read_population(options.population);
}

// Others of `photos` are for the scoring that follows: it says what is wrong with them.
std::vector<std::filesystem::path> readable(std::span<const PhotoPath> photos) {
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : photos) {
    if (photo.error.empty()) paths.push_back(photo.path);
  }
  return paths;
}

std::string place_of(const Person& person, const std::string& sha256) {
  const auto known = person.photos.find(sha256);
  return known == person.photos.end() || known->second.path.empty() ? sha256.substr(0, 12) : known->second.path;
}

void say_unseen(const Person& person, const std::vector<std::string>& unseen) {
  if (unseen.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(kNamedPhotos, unseen.size()); ++i) {
    names += (i == 0 ? "" : ", ") + place_of(person, unseen[i]);
  }
  complain(
      fmt::format("{} rated photo{} not to be found, so what was said of {} does not count yet; name the folder that "
                  "has {} now: {}{}",
                  unseen.size(), unseen.size() == 1 ? " is" : "s are", unseen.size() == 1 ? "it" : "them",
                  unseen.size() == 1 ? "it" : "them", names, unseen.size() > kNamedPhotos ? " ..." : ""));
}

}  // namespace

void add_personal_options(CLI::App& app, PersonalOptions& options, bool required) {
  app.add_option("--person", options.person,
                 "The person file: what the person said of photos, in one file that is theirs")
      ->option_text("FILE.json")
      ->required(required);
  app.add_option("--population", options.population, "What other people's ratings tell, instead of the model folder's")
      ->option_text("FILE.json");
  add_rater_options(app, options.rater, false);
}

PersonalRun::PersonalRun(const PersonalOptions& options, const ScoringOptions& scoring,
                         std::span<const PhotoPath> photos, const Cancel* cancel, bool may_be_new)
    : options_(options),
      jobs_(scoring.jobs),
      cancel_(cancel),
      person_(may_be_new && !std::filesystem::exists(options.person) ? Person() : read_person(options.person)),
      model_(load_model(scoring, cancel)),
      population_(load_population(options, scoring.model)),
      own_(scorer_for(person_)) {
  look_and_learn(photos);
}

OwnScorer PersonalRun::scorer_for(const Person& person) const {
  OwnScorer own;
  PersonalScorerOptions wanted;
  if (!population_.rater.empty()) {
    RaterOptions rater = options_.rater;
    rater.rater = population_.rater;
    own.rater = std::make_unique<ChosenRater>(rater, model_);
    wanted.rater = &own.rater->get();
  }
  wanted.cache = feature_cache_folder();
  own.scorer = std::make_unique<PersonalScorer>(model_, population_, person, wanted);
  return own;
}

void PersonalRun::look_and_learn(std::span<const PhotoPath> photos) {
  if (scorer().look_at_verdicts(person_, readable(photos), {jobs_, {}, cancel_})) {
    try {
      // Others may have written to the file meanwhile, so what was seen is laid beside what stands there now.
      update_person(options_.person, [&](Person& person) { take_over_photos(person, person_); });
    } catch (const Error& e) {
      // A file that may only be read serves for predictions all the same.
      complain(fmt::format("what was seen in rated photos was not kept: {}", e.what()));
    }
  }
  say_unseen(person_, scorer().learn(person_).unseen());
}

void PersonalRun::reread(std::span<const PhotoPath> photos) {
  person_ = read_person(options_.person);
  look_and_learn(photos);
}

OwnScorer PersonalRun::scorer_anew(std::span<const PhotoPath> photos, const Cancel* cancel) const {
  Person person = read_person(options_.person);
  OwnScorer own = scorer_for(person);
  own.scorer->look_at_verdicts(person, readable(photos), {jobs_, {}, cancel});
  return own;
}

void PersonalRun::adopt(OwnScorer own, std::span<const PhotoPath> photos) {
  std::swap(own_, own);
  try {
    reread(photos);
  } catch (...) {
    std::swap(own_, own);
    throw;
  }
}

ModelInfo PersonalRun::info() const {
  ModelInfo info = model_.info();
  info.scale_low = person_.scale_low;
  info.scale_high = person_.scale_high;
  return info;
}

std::string PersonalRun::name() const { return options_.person.stem().string(); }

void predict_photos(PersonalRun& run, std::span<const PhotoPath> photos, const ScoreStreamOptions& options,
                    const Cancel* cancel, const std::function<void(ScoredPhoto)>& sink) {
  PhotoStream stream{options.jobs, {}, cancel};
  if (options.thumbnail_side > 0) {
    stream.keep = [side = options.thumbnail_side](const Image& photo) { return encode_jpeg(photo, side); };
  }
  // Folders that could not be read stand between the photos.
  std::size_t next = 0;
  const auto tell_errors = [&](const std::filesystem::path* until) {
    for (; next < photos.size() && (until == nullptr || !photos[next].error.empty()); ++next) {
      sink({photos[next].path, {}, {}, photos[next].error, {}});
    }
  };
  run.scorer().score(readable(photos), stream, [&](PersonalScore scored) {
    tell_errors(&scored.photo.path);
    ++next;
    ScoredPhoto photo{
        std::move(scored.photo.path), {}, std::move(scored.photo.kept), std::move(scored.photo.error), {}};
    if (!photo.failed()) {
      photo.scores.push_back(scored.prediction.score);
      photo.reasons = std::move(scored.reasons);
    }
    sink(std::move(photo));
  });
  tell_errors(nullptr);
}

}  // namespace paa::cli
