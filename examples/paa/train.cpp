// paa train: fusion modules from people's ratings.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "paa/core/file.h"
#include "paa/data/plant.h"
#include "paa/data/read_ratings.h"
#include "paa/train/train_fusion.h"
#include "train_page.h"
#include "train_population.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Train fusion modules on people's ratings of photos; or `train population`";
constexpr const char* kFooter = R"(
LLM and vision encoder stay as they are; what is trained are the modules between them, on the people and photos that the
data set marks for training. DIR gets config.json, metrics.jsonl (a line a step), checkpoints, report.html and, at the
end, model/, which `paa score --model DIR/model` takes. Run again after an interruption, it goes on from the last
checkpoint. Configurations to begin with are in examples/training.

Several processes: start it by torchrun (torchrun --no-python --nproc-per-node 2 paa train ...), or set MASTER_ADDR,
MASTER_PORT, RANK and WORLD_SIZE.

Exit status: 0 trained, 1 failed, 2 wrong usage, 130 Ctrl-C (a checkpoint was written).

Example:
  paa train --data oasis/ --set oasis --config examples/training/default.json --out trained/
)";

struct Options {
  std::filesystem::path data, config, out, cache;
  std::string set, model, plant;
  std::optional<std::uint64_t> seed;
  int threads = 0;
  double timeout_s = 60;
};

std::string time_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  return whole >= 60 ? fmt::format("{} min {:02} s", whole / 60, whole % 60) : fmt::format("{} s", whole);
}

void show_step(const TrainingStep& step) {
  constexpr int kWidth = 24;
  const auto filled = static_cast<std::size_t>(kWidth * step.step / step.steps);
  show_progress(fmt::format("[{}{}] step {} of {}, loss {:.4f}, {} left", std::string(filled, '='),
                            std::string(kWidth - filled, ' '), step.step, step.steps, step.loss,
                            time_text(step.seconds_left)));
}

RatingTable read_table(const Options& options) {
  RatingTable table = read_ratings(options.data, options.set);
  if (!options.plant.empty()) plant(table, parse_plant(options.plant));
  return table;
}

int train(const Options& options) {
  TrainingConfig config = read_training_config(options.config);
  if (options.seed) config.seed = *options.seed;
  const RatingTable table = read_table(options);
  const ModelFolder folder = read_model_folder(find_model(options.model));
  TrainingOptions training;
  training.out = options.out;
  training.token_cache = options.cache;
  training.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_s * 1000));
  training.threads = options.threads;
  training.on_step = show_step;
  training.on_preparation = [](const char* what, std::size_t done, std::size_t total) {
    show_progress(fmt::format("{}: {} of {}", what, done, total));
  };
  training.cancel = cancel_on_signal();
  const TrainingResult result = train_fusion(table, folder, config, training);
  if (!result.first) return 0;
  const auto steps = read_metrics(options.out / "metrics.jsonl");
  write_file(options.out / "report.html", train_page({config, options.set, steps, result}));
  print(fmt::format(
      "trained {} in {} steps{}\nloss       {:.4f}\n{}model      {}\nreport     {}\nfrozen LLM untouched: SHA-256 {}\n",
      config.name, result.steps,
      result.resumed_from > 0 ? fmt::format(" (taken up at step {})", result.resumed_from) : "", steps.back().loss,
      steps.back().validation
          ? fmt::format("validation {:.4f} (SROCC by photo, no profile)\n", *steps.back().validation)
          : "",
      result.model.string(), (options.out / "report.html").string(), result.frozen_sha256));
  return 0;
}

// Not required of the subcommand population, so the parse cannot ask for them.
void check_complete(const Options& options) {
  if (options.data.empty()) throw CLI::RequiredError("--data");
  if (options.set.empty()) throw CLI::RequiredError("--set");
  if (options.config.empty()) throw CLI::RequiredError("--config");
  if (options.out.empty()) throw CLI::RequiredError("--out");
}

}  // namespace

Command add_train(CLI::App& paa) {
  auto* app = paa.add_subcommand("train", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  app->add_option("--data", options->data, "The data set's folder")->option_text("ROOT");
  app->add_option("--set", options->set, "Which set it is: para, lapis, flickr-aes, real-cur, eva or oasis")
      ->option_text("NAME");
  app->add_option("--config", options->config, "What to train and how (examples/training)")
      ->option_text("FILE");
  app->add_option("--out", options->out, "The folder to write to, or to go on in")->option_text("DIR");
  app->add_option("--model", options->model,
                  "The model whose LLM and vision encoder are taken; default: as of paa score")
      ->option_text("DIR|NAME");
  app->add_option("--seed", options->seed, "Instead of the configuration's")->option_text("N");
  app->add_option("--cache", options->cache, "A file of vision tokens that several trainings share; default: in DIR")
      ->option_text("FILE");
  app->add_option("--threads", options->threads, "Threads of this process; default: libtorch's choice")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  app->add_option("--timeout", options->timeout_s, "Seconds to wait for another process (here 60)")
      ->option_text("S")
      ->check(CLI::Range(1.0, 86400.0));
  app->add_option("--plant", options->plant,
                  "Experiment: shift ratings (gender=female:Animal,Person:1; see docs/evaluation.md)")
      ->option_text("SPEC");
  const Command population = add_train_population(*app);
  return {app, [options, population] {
            if (population.app->parsed()) return population.run();
            check_complete(*options);
            return train(*options);
          }};
}

}  // namespace paa::cli
