// paa study: ways to predict one person's ratings side by side, as more of the person's ratings are known.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "paa/core/file.h"
#include "paa/data/read_ratings.h"
#include "paa/dlllm/boosted_trees.h"
#include "paa/dlllm/low_level.h"
#include "paa/dlllm/photo_features.h"
#include "paa/eval/llm_predictor.h"
#include "paa/eval/photo_descriptions.h"
#include "paa/eval/pmllm_scorer.h"
#include "paa/eval/study.h"
#include "paa/eval/study_methods.h"
#include "paa/train/fit_population.h"
#include "photo_rows.h"
#include "rater_options.h"
#include "scoring_options.h"
#include "study_report.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Compare ways to predict a person's ratings, from no rating known to a hundred";
constexpr const char* kFooter = R"(
On people and photos that nothing was trained on: the training people's mean; the model without and with the profile;
learning from k of the person's ratings from what is seen in photos, by deep models (low-level), in words (high-level)
and both (the population is fitted here, to the training people); the language model asked directly; a conventional
network whose head is fine-tuned to the person; other people who rated the very photo; and, where the set has a retest,
people's own second ratings. docs/study.md says what each is, and what is measured.

DIR gets study.json, study.txt and study.html. Run again after an interruption, it goes on where it was.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C (what is done is kept in DIR).

Example:
  paa study --data oasis/ --set oasis --out study/
)";

struct Options {
  std::filesystem::path data, out;
  std::string set;
  ScoringOptions scoring;
  RaterOptions rater;
  eval::StudyOptions study;
  std::vector<std::string> also;
  bool json = false, no_llm = false;
};

constexpr const char* kConstant = "population mean";
constexpr const char* kGeneric = "generic (no profile)";
constexpr const char* kProfile = "P-MLLM, profile";
constexpr const char* kLowLevel = "low-level features";
constexpr const char* kHighLevel = "high-level features";
constexpr const char* kBoth = "low- and high-level (DL-LLM)";
constexpr const char* kAsking = "low- and high-level, photos chosen by ask";
constexpr const char* kAskedLlm = "language model, asked directly";
constexpr const char* kGaussianProcess = "Gaussian process";
constexpr const char* kBoostedTrees = "boosted trees";
constexpr const char* kConventional = "conventional network, fine-tuned";
constexpr const char* kNearest = "nearest other person (oracle)";
constexpr const char* kPeople = "other people's mean (oracle)";

const std::vector<std::string> kLowLevelOnly = {kPooledGroup, kStatisticsGroup, kCompositionGroup};
const std::vector<std::string> kGroups = {kPooledGroup, kStatisticsGroup, kCompositionGroup, kConceptsGroup};
// Values of --also.
constexpr const char* kAlsoProcess = "gaussian-process";
constexpr const char* kAlsoTrees = "boosted-trees";

std::vector<double> scores_of(const FeatureRows& rows) {
  std::vector<double> scores;
  for (std::size_t i = 0; i < rows.rows(); ++i) scores.push_back(static_cast<double>(rows.row(i)[0]));
  return scores;
}

FeatureRows group_of(const PhotoRows& photos, const char* group) {
  const std::size_t at = photos.layout.find(group);
  std::vector<std::size_t> columns(photos.layout.groups[at].features.size());
  std::iota(columns.begin(), columns.end(), photos.layout.begin(at));
  return columns_at(photos.rows, columns);
}

// Scores of test people's photos with their profiles; others stay 0.
std::vector<std::vector<double>> profile_scores(const Pmllm& model, const RatingTable& table, int jobs,
                                                const Cancel* cancel) {
  std::vector<Profile> profiles;
  std::vector<eval::ProfilePhoto> pairs;
  std::vector<std::uint32_t> people;
  for (const auto& query : eval::test_queries(table)) {
    for (const auto rating : query.ratings) {
      pairs.push_back({static_cast<std::uint32_t>(profiles.size()), table.ratings[rating].photo});
      people.push_back(query.person);
    }
    profiles.push_back(table.people[query.person].profile);
  }
  const auto progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "photos and scores"); };
  const auto scores = eval::pmllm_scorer(model, table, {jobs, cancel, progress})(profiles, pairs);
  std::vector<std::vector<double>> result(table.people.size(), std::vector<double>(table.photos.size()));
  for (std::size_t i = 0; i < pairs.size(); ++i) result[people[i]][pairs[i].photo] = scores[i].mean;
  return result;
}

bool also(const Options& options, const char* name) {
  return std::find(options.also.begin(), options.also.end(), name) != options.also.end();
}

// Fitted to the score and these groups.
Population population_of(const RatingTable& table, const PhotoRows& part, const Cancel* cancel) {
  FitPopulationOptions fit;
  fit.cancel = cancel;
  fit.progress = [](std::size_t done, std::size_t total) {
    show_progress(done, total, "steps of fitting the population");
  };
  return fit_population(table, part.layout, part.rows, fit);
}

// FeatureFusion on the score and these groups, with a population of its own.
eval::StudyMethod fusion_on(const char* name, const RatingTable& table, const PhotoRows& photos,
                            const std::vector<std::string>& groups, const Cancel* cancel) {
  const PhotoRows part = only_groups(photos, groups);
  return eval::fusion_method(name, population_of(table, part, cancel), part.rows);
}

eval::StudyMethod asked_llm(const Pmllm& model, const RatingTable& table, int jobs, const Cancel* cancel) {
  const auto progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "photos described"); };
  return eval::llm_predictor_method(kAskedLlm, model, eval::photo_descriptions(model, table, {jobs, cancel, progress}),
                                    table.scale, {.cancel = cancel});
}

std::vector<eval::StudyMethod> methods_for(const Pmllm& model, const RatingTable& table, const PhotoRows& photos,
                                           const Options& options, const Cancel* cancel) {
  const int jobs = options.scoring.jobs;
  const Population both = population_of(table, photos, cancel);
  std::vector<eval::StudyMethod> methods = {
      eval::constant_method(kConstant, table),
      eval::generic_method(kGeneric, scores_of(photos.rows)),
      eval::personal_method(kProfile, profile_scores(model, table, jobs, cancel)),
      fusion_on(kLowLevel, table, photos, kLowLevelOnly, cancel),
      fusion_on(kHighLevel, table, photos, {kConceptsGroup}, cancel),
      eval::fusion_method(kBoth, both, photos.rows),
      eval::asking_method(kAsking, both, photos.rows),
      eval::fine_tuned_method(kConventional, table, group_of(photos, kPooledGroup)),
      eval::nearest_person_method(kNearest, table),
      eval::people_method(kPeople, table)};
  if (!options.no_llm) methods.push_back(asked_llm(model, table, jobs, cancel));
  if (also(options, kAlsoProcess)) methods.push_back(eval::gaussian_process_method(kGaussianProcess, both, photos.rows));
  if (also(options, kAlsoTrees)) methods.push_back(eval::boosted_trees_method(kBoostedTrees, both, photos.rows));
  return methods;
}

int study(const Options& options) {
  // CLI11 reports what it throws as wrong usage.
  if (!std::is_sorted(options.study.k.begin(), options.study.k.end(), std::less_equal<>())) {
    throw CLI::ValidationError("--k", "must rise, such as 0,10,100");
  }
  // Without XGBoost it is refused here, before any photo is looked at.
  if (also(options, kAlsoTrees)) static_cast<void>(BoostedTrees(Population()));
  const RatingTable table = read_ratings(options.data, options.set);
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error)
    throw Error(ErrorCode::kIo, fmt::format("{}: cannot make the folder: {}", options.out.string(), error.message()));
  const Cancel* cancel = cancel_on_signal();
  const Pmllm model = load_model(options.scoring, cancel);
  const PhotoRows photos = photo_rows(model, table, {kGroups, options.rater, options.scoring.jobs, cancel});
  const auto methods = methods_for(model, table, photos, options, cancel);
  eval::StudyOptions wanted = options.study;
  wanted.cancel = cancel;
  wanted.log = options.out / fmt::format("progress-{}.jsonl", model.info().hash);
  wanted.compared = {{kBoth, kGeneric},  {kBoth, kLowLevel},      {kBoth, kConventional},     {kLowLevel, kGeneric},
                     {kHighLevel, kGeneric}, {kConventional, kGeneric}, {kLowLevel, kConventional}};
  wanted.compared.emplace_back(kAsking, kBoth);
  if (!options.no_llm) wanted.compared.push_back({kBoth, kAskedLlm});
  if (also(options, kAlsoProcess)) wanted.compared.emplace_back(kGaussianProcess, kBoth);
  if (also(options, kAlsoTrees)) wanted.compared.emplace_back(kBoostedTrees, kBoth);
  wanted.progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "people and sizes"); };
  const eval::StudyReport report = run_study(table, methods, wanted);
  wipe_progress();
  Json json = study_to_json(report);
  json["model"] = {{"name", model.info().name}, {"hash", model.info().hash}};
  const std::string text = fmt::format("# model {} {}\n", model.info().name, model.info().hash) + study_text(report);
  write_file(options.out / "study.json", to_text(json) + "\n");
  write_file(options.out / "study.txt", text);
  write_file(options.out / "study.html", study_page(report));
  print(options.json ? to_text(json) + "\n" : text);
  return 0;
}

}  // namespace

Command add_study(CLI::App& paa) {
  auto* app = paa.add_subcommand("study", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  app->add_option("--data", options->data, "The data set's folder")->option_text("ROOT")->required();
  app->add_option("--set", options->set, "Which set it is: para, lapis, flickr-aes, real-cur, eva or oasis")
      ->option_text("NAME")
      ->required();
  app->add_option("--out", options->out, "The folder to write to, or to go on in")->option_text("DIR")->required();
  app->add_option("--k", options->study.k, "How many ratings are known, rising (here 0,1,2,5,10,25,50,100)")
      ->option_text("LIST")
      ->delimiter(',')
      ->check(CLI::Range(0, 100000));
  app->add_option("--draws", options->study.draws, "Draws of these ratings, 1 to 1000 (here 10)")
      ->option_text("N")
      ->check(CLI::Range(1, 1000));
  app->add_option("--seed", options->study.seed, "Of draws and intervals (here 0)")->option_text("N");
  app->add_option("--also", options->also,
                  "Other ways to learn: gaussian-process, boosted-trees (some minutes more)")
      ->option_text("LIST")
      ->delimiter(',')
      ->check(CLI::IsMember({kAlsoProcess, kAlsoTrees}));
  add_model_options(*app, options->scoring);
  add_rater_options(*app, options->rater, true);
  app->add_flag("--no-llm", options->no_llm, "Leave out the language model asked directly, which takes most of the time");
  app->add_flag("--json", options->json, "Print one JSON object instead of tables");
  return {app, [options] { return study(*options); }};
}

}  // namespace paa::cli
