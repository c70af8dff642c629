// paa eval: how well models predict the ratings of people they never saw.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "commands.h"
#include "console.h"
#include "eval_interview.h"
#include "eval_page.h"
#include "eval_text.h"
#include "interrupt.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/file.h"
#include "paa/data/icc.h"
#include "paa/data/plant.h"
#include "paa/data/read_ratings.h"
#include "paa/data/splits.h"
#include "paa/eval/photo_traits.h"
#include "paa/eval/pmllm_scorer.h"
#include "paa/eval/report.h"
#include "paa/eval/stated_tastes.h"
#include "paa/eval/steering.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Measure how well models predict the ratings of a data set";
constexpr const char* kFooter = R"(
Figures are of test people and test photos, which no training has seen: each person's own, averaged over people, with
a bootstrap interval over people; the pooled value stands beside. Rows that know other people's ratings of the same
photos (oracle) and the retest (ceiling) show how much there is to be had.

zero-shot  what is known of a person is the profile
k-shot     k of the person's ratings of other photos are known
generic    nothing is known of the person
steering   what is known is one sentence of likes and dislikes, drawn at random and partly of things and words kept from
           training: does it move the scores of the right photos? No rating is looked at
interview  what is known is an interview: simulated people with planted tastes answer in many wordings, and ratings that
           were shifted by these tastes are predicted; how much of them is found, and what it is worth

Exit status: 0 done, 1 something failed, 2 wrong usage, 130 Ctrl-C.

Examples:
  paa eval --data oasis/ --set oasis
  paa eval --data oasis/ --set oasis --protocol k-shot --k 10,25,50,100 --html eval.html
  paa eval --data oasis/ --set oasis --protocol steering
  paa eval --data oasis/ --set oasis --protocol interview
)";

constexpr unsigned kMostDefaultJobs = 4;
constexpr const char* kDefaultProtocol = "zero-shot";
constexpr const char* kSteering = "steering";  // measured without ratings, so it is none of eval::Protocol
constexpr const char* kInterview = "interview";  // of simulated people, likewise
constexpr eval::Protocol kProtocols[] = {eval::Protocol::kZeroShot, eval::Protocol::kKShot, eval::Protocol::kGeneric};

struct Options {
  std::filesystem::path data;
  std::string set;
  std::string protocol = kDefaultProtocol;
  std::vector<std::string> models;
  std::string plant;
  std::size_t people = eval::InterviewStudyOptions().people;
  int texts = eval::SteeringOptions().texts;
  eval::ReportOptions report;
  bool stated_tastes = false;
  int jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, kMostDefaultJobs));
  bool json = false;
  std::filesystem::path html;
};

// Nothing for kSteering and kInterview.
std::optional<eval::Protocol> protocol_of(const Options& options) {
  const auto found = std::find_if(std::begin(kProtocols), std::end(kProtocols),
                                  [&](eval::Protocol one) { return options.protocol == to_string(one); });
  return found == std::end(kProtocols) ? std::nullopt : std::optional(*found);
}

RatingTable read_table(const Options& options) {
  RatingTable table = read_ratings(options.data, options.set);
  if (!options.plant.empty()) {
    plant(table, parse_plant(options.plant));
    // They were rated without the taste.
    table.retests.clear();
  }
  const auto has_split = [](const auto& one) { return one.split != Split::kNone; };
  if (!std::any_of(table.people.begin(), table.people.end(), has_split) ||
      !std::any_of(table.photos.begin(), table.photos.end(), has_split)) {
    const SplitPlan plan = default_split_plan(options.set);
    assign_splits(table, plan);
    complain(fmt::format("{} has no splits of its own for all people and photos; they were drawn with the seed {}",
                         table.name, plan.seed));
  }
  return table;
}

void show_scoring(std::size_t done, std::size_t total) { show_progress(done, total, "photos and scores"); }

TraitTable see_traits(const Pmllm& model, const RatingTable& table, std::vector<Split> splits, const Options& options,
                      const Cancel* cancel) {
  const auto progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "photos looked at"); };
  return eval::photo_traits(model, table, splits, {options.jobs, cancel, progress});
}

ModelReport evaluate_model(const std::string& name, const RatingTable& table, const Options& options,
                           const Cancel* cancel) {
  const Pmllm model = Pmllm::load(find_model(name), {}, cancel);
  const auto scorer = eval::pmllm_scorer(model, table, {options.jobs, cancel, show_scoring});
  eval::ReportOptions report = options.report;
  if (options.stated_tastes) {
    auto traits = see_traits(model, table, {Split::kTrain, Split::kValidation}, options, cancel);
    report.support_reader = eval::stated_tastes(table, std::move(traits), report.seed);
    report.support_name = "stated tastes";
    report.support_draws = std::min(report.support_draws, report.draws);
  }
  ModelReport result{model.info(), evaluate_protocol(table, *protocol_of(options), scorer, report)};
  result.report.planted = options.plant;
  if (const auto icc = icc1(table)) result.report.icc = *icc;
  wipe_progress();
  return result;
}

SteeredModel steer_model(const std::string& name, const RatingTable& table, const Options& options, const Cancel* cancel) {
  const Pmllm model = Pmllm::load(find_model(name), {}, cancel);
  const TraitTable traits = see_traits(model, table, {Split::kTrain, Split::kTest}, options, cancel);
  const auto scorer = eval::pmllm_scorer(model, table, {options.jobs, cancel, show_scoring});
  const eval::SteeringOptions steering{options.report.seed, options.texts, options.report.resamples};
  SteeredModel result{model.info(), evaluate_steering(table, traits, scorer, steering)};
  wipe_progress();
  return result;
}

Json json_of(const eval::EvaluationReport& report) { return report_to_json(report); }
Json json_of(const eval::SteeringReport& report) { return steering_to_json(report); }

template <class Report>
std::string json_lines(std::span<const Report> reports) {
  std::string text;
  for (const auto& [model, report] : reports) {
    Json json = json_of(report);
    json["model"] = {{"name", model.name}, {"hash", model.hash}};
    text += to_text(json) + "\n";
  }
  return text;
}

// `evaluate`: of one model, by name, on a table.
template <class Evaluate>
int evaluate_models(const Options& options, const Evaluate& evaluate) {
  std::unique_ptr<AtomicFile> page;
  if (!options.html.empty()) page = std::make_unique<AtomicFile>(options.html);
  const RatingTable table = read_table(options);
  const Cancel* cancel = cancel_on_signal();
  std::vector<decltype(evaluate({}, table, options, cancel))> reports;
  for (const auto& name : options.models) reports.push_back(evaluate(name, table, options, cancel));
  const std::span all = std::as_const(reports);
  print(options.json ? json_lines(all) : eval_text(all));
  if (page) {
    page->write(eval_page(all));
    page->commit();
    complain(fmt::format("wrote {}", options.html.string()));
  }
  return 0;
}

int interview_people(const Options& options) {
  const RatingTable table = read_table(options);
  eval::InterviewStudyOptions wanted;
  wanted.people = options.people;
  wanted.seed = options.report.seed;
  const auto report = evaluate_interviews(options.models.front(), table, wanted, options.jobs, cancel_on_signal());
  print(options.json ? to_text(interview_study_to_json(report)) + "\n" : interview_study_text(report));
  return 0;
}

// CLI11 reports what it throws as wrong usage.
void check(const Options& options) {
  if (!options.plant.empty() && !protocol_of(options)) {
    throw CLI::ValidationError("--plant", "needs another protocol: steering looks at no rating, interview plants its own");
  }
  if (options.protocol == kInterview && (!options.html.empty() || options.models.size() > 1)) {
    throw CLI::ValidationError("--protocol", "interview takes one model and makes no page");
  }
  if (options.stated_tastes && protocol_of(options) != eval::Protocol::kKShot) {
    throw CLI::ValidationError("--stated-tastes", "needs --protocol k-shot: tastes are read off a person's ratings");
  }
  const auto& k = options.report.k;
  if (std::adjacent_find(k.begin(), k.end(), std::greater_equal<>()) != k.end()) {
    throw CLI::ValidationError("--k", "must rise, such as 10,25,50,100");
  }
}

std::string plant_trouble(const std::string& text) {
  try {
    parse_plant(text);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

Command add_eval(CLI::App& paa) {
  auto* app = paa.add_subcommand("eval", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  const auto names = rating_set_names();
  app->add_option("--data", options->data, "The data set's folder")->option_text("ROOT")->required();
  app->add_option("--set", options->set, fmt::format("Which set it is: {}", fmt::join(names, ", ")))
      ->option_text("NAME")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())));
  std::vector<std::string> protocols{kSteering, kInterview};
  for (const auto protocol : kProtocols) protocols.emplace_back(to_string(protocol));
  app->add_option("--protocol", options->protocol, "zero-shot (default), k-shot, generic, steering or interview")
      ->option_text("PROTOCOL")
      ->check(CLI::IsMember(protocols).description(""));
  app->add_option("--model", options->models,
                  "A model's folder or name; else $PAA_MODEL, else the default. Several are compared")
      ->option_text("DIR|NAME ...");
  app->add_option("--k", options->report.k, "Numbers of ratings known, for k-shot (10,25,50,100)")
      ->option_text("K,K...")
      ->delimiter(',')
      ->check(CLI::Range(1, 1'000'000));
  app->add_option("--draws", options->report.draws, "Draws of these ratings that are averaged (10)")
      ->option_text("N")
      ->check(CLI::Range(1, 1000));
  app->add_flag("--stated-tastes", options->stated_tastes,
                "For k-shot: say the tastes that the ratings show, true and shuffled, too (slow)");
  app->add_option("--texts", options->texts, fmt::format("Texts of each kind, for steering ({})", options->texts))
      ->option_text("N")
      ->check(CLI::Range(1, 10'000));
  app->add_option("--people", options->people, fmt::format("Simulated people, for interview ({})", options->people))
      ->option_text("N")
      ->check(CLI::Range(2, 1000));
  app->add_option("--plant", options->plant, "Experiment: shift ratings first, as in gender=female:Animal,Person:1")
      ->option_text("SPEC")
      ->check(plant_trouble, "");
  app->add_option("--seed", options->report.seed, "Of draws, shuffles and bootstraps (0)")->option_text("N");
  app->add_option("--jobs", options->jobs,
                  fmt::format("Photos to decode at a time, 1 to 64 (here {}); never changes a figure", options->jobs))
      ->option_text("N")
      ->check(CLI::Range(1, 64));
  app->add_flag("--json", options->json, "One line of JSON for each model, with every person's figures");
  app->add_option("--html", options->html, "Write a page with tables and plots, too")->option_text("FILE");
  return {app, [options] {
            check(*options);
            if (options->models.empty()) options->models.emplace_back();
            if (options->protocol == kInterview) return interview_people(*options);
            return options->protocol == kSteering ? evaluate_models(*options, steer_model)
                                                  : evaluate_models(*options, evaluate_model);
          }};
}

}  // namespace paa::cli
