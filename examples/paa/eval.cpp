// paa eval: how well models predict the ratings of people they never saw.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "commands.h"
#include "console.h"
#include "eval_page.h"
#include "eval_text.h"
#include "interrupt.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/file.h"
#include "paa/data/icc.h"
#include "paa/data/read_ratings.h"
#include "paa/data/splits.h"
#include "paa/eval/pmllm_scorer.h"
#include "paa/eval/report.h"
#include "paa/eval/stated_tastes.h"

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

Exit status: 0 done, 1 something failed, 2 wrong usage, 130 Ctrl-C.

Examples:
  paa eval --data oasis/ --set oasis
  paa eval --data oasis/ --set oasis --protocol k-shot --k 10,25,50,100 --html eval.html
)";

constexpr unsigned kMostDefaultJobs = 4;

struct Options {
  std::filesystem::path data;
  std::string set;
  eval::Protocol protocol = eval::Protocol::kZeroShot;
  std::vector<std::string> models;
  eval::ReportOptions report;
  bool stated_tastes = false;
  int jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, kMostDefaultJobs));
  bool json = false;
  std::filesystem::path html;
};

RatingTable read_table(const Options& options) {
  RatingTable table = read_ratings(options.data, options.set);
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

ModelReport evaluate_model(const std::string& name, const RatingTable& table, const Options& options,
                           const Cancel* cancel) {
  const Pmllm model = Pmllm::load(find_model(name), {}, cancel);
  const auto progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "photos and scores"); };
  const auto scorer = eval::pmllm_scorer(model, table, {options.jobs, cancel, progress});
  eval::ReportOptions report = options.report;
  if (options.stated_tastes) {
    report.support_reader = eval::stated_tastes(model, table, {report.seed, options.jobs, cancel});
    report.support_name = "stated tastes";
    report.support_draws = std::min(report.support_draws, report.draws);
  }
  ModelReport result{model.info(), evaluate_protocol(table, options.protocol, scorer, report)};
  if (const auto icc = icc1(table)) result.report.icc = *icc;
  wipe_progress();
  return result;
}

std::string json_lines(std::span<const ModelReport> reports) {
  std::string text;
  for (const auto& [model, report] : reports) {
    Json json = report_to_json(report);
    json["model"] = {{"name", model.name}, {"hash", model.hash}};
    text += to_text(json) + "\n";
  }
  return text;
}

int evaluate_models(const Options& options) {
  std::unique_ptr<AtomicFile> page;
  if (!options.html.empty()) page = std::make_unique<AtomicFile>(options.html);
  const RatingTable table = read_table(options);
  const Cancel* cancel = cancel_on_signal();
  std::vector<ModelReport> reports;
  for (const auto& name : options.models) reports.push_back(evaluate_model(name, table, options, cancel));
  print(options.json ? json_lines(reports) : eval_text(reports));
  if (page) {
    page->write(eval_page(reports));
    page->commit();
    complain(fmt::format("wrote {}", options.html.string()));
  }
  return 0;
}

// CLI11 reports what it throws as wrong usage.
void check_k_shot(const Options& options) {
  if (options.stated_tastes && options.protocol != eval::Protocol::kKShot) {
    throw CLI::ValidationError("--stated-tastes", "needs --protocol k-shot: tastes are read off a person's ratings");
  }
  const auto& k = options.report.k;
  if (std::adjacent_find(k.begin(), k.end(), std::greater_equal<>()) != k.end()) {
    throw CLI::ValidationError("--k", "must rise, such as 10,25,50,100");
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
  const std::map<std::string, eval::Protocol> protocols = {{"zero-shot", eval::Protocol::kZeroShot},
                                                           {"k-shot", eval::Protocol::kKShot},
                                                           {"generic", eval::Protocol::kGeneric}};
  app->add_option("--protocol", options->protocol, "zero-shot (default), k-shot or generic")
      ->option_text("PROTOCOL")
      ->transform(CLI::CheckedTransformer(protocols).description(""));
  app->add_option("--model", options->models,
                  "A model's folder, or its name in `paa models`; else $PAA_MODEL, else the default. Several are compared")
      ->option_text("DIR|NAME ...");
  app->add_option("--k", options->report.k, "Numbers of ratings known, for k-shot (10,25,50,100)")
      ->option_text("K,K...")
      ->delimiter(',')
      ->check(CLI::Range(1, 1'000'000));
  app->add_option("--draws", options->report.draws, "Draws of these ratings that are averaged (10)")
      ->option_text("N")
      ->check(CLI::Range(1, 1000));
  app->add_flag("--stated-tastes", options->stated_tastes,
                "For k-shot: also say the tastes that the ratings show as a profile, true and shuffled (slow)");
  app->add_option("--seed", options->report.seed, "Of draws, shuffles and bootstraps (0)")->option_text("N");
  app->add_option("--jobs", options->jobs,
                  fmt::format("Photos to decode at a time, 1 to 64 (here {}); never changes a figure", options->jobs))
      ->option_text("N")
      ->check(CLI::Range(1, 64));
  app->add_flag("--json", options->json, "One line of JSON for each model, with every person's figures");
  app->add_option("--html", options->html, "Write a page with tables and plots, too")->option_text("FILE");
  return {app, [options] {
            check_k_shot(*options);
            if (options->models.empty()) options->models.emplace_back();
            return evaluate_models(*options);
          }};
}

}  // namespace paa::cli
