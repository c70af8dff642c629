#include "train_population.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>

#include "console.h"
#include "interrupt.h"
#include "paa/core/file.h"
#include "paa/data/read_ratings.h"
#include "paa/dlllm/low_level.h"
#include "paa/dlllm/photo_features.h"
#include "paa/train/fit_population.h"
#include "personal_run.h"
#include "photo_rows.h"
#include "rater_options.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Fit what learning from a person's ratings begins with, to other people's ratings";
constexpr const char* kFooter = R"(
Writes a population file: how far people differ, and how much each group of features says of that, from the people and
photos that the data set marks for training; how sure predictions are, from its validation photos. Test people and test
photos are not looked at. `paa predict --population FILE` takes it, and so does a model folder as its part "population".

Groups: pooled, classes, hidden (what deep models see), statistics and composition (what simple formulas say of light
and colour, and of what stands where), and concepts (what a language model says of a photo: how dangerous it is, how
old ...). The default is pooled, statistics, composition and concepts.

Concepts are rated by "anchors" (with which words a small model completes a sentence about the photo), by "digits"
(which digit a model answers that is large enough to be asked) or by "chat" (the same, of a server that sees photos).
One that hardly varies from photo to photo is left out.

Exit status: 0 written, 1 failed, 2 wrong usage, 130 Ctrl-C.

Example:
  paa train population --data oasis/ --set oasis --out population.json
)";

struct Options {
  std::filesystem::path data, out;
  std::string set;
  ScoringOptions scoring;
  std::vector<std::string> groups = {kPooledGroup, kStatisticsGroup, kCompositionGroup, kConceptsGroup};
  RaterOptions rater;
  std::uint64_t seed = 0;
};

std::string described(const Population& population) {
  std::string text = fmt::format("rating = {:.2f} + {:.2f} x score (in deviations), noise {:.2f}\n",
                                 population.intercept, population.slope, population.noise);
  text += fmt::format("people differ by {:.2f} in what is usual, by {:.2f} in how far they follow the score\n",
                      population.offset_scale, population.tilt_scale);
  for (const auto& group : population.groups) {
    text += fmt::format("  and by {:.2f} through {} ({} columns)\n", group.scale, group.name, group.mean.size());
  }
  return text;
}

int train_population(const Options& options) {
  const RatingTable table = read_ratings(options.data, options.set);
  const Cancel* cancel = cancel_on_signal();
  AtomicFile file(options.out);
  const Pmllm model = load_model(options.scoring, cancel);
  const PhotoRows photos =
      photo_rows(model, table, {options.groups, options.rater, options.scoring.jobs, cancel});
  FitPopulationOptions fit;
  fit.seed = options.seed;
  fit.cancel = cancel;
  fit.progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "fitting steps"); };
  Population population = fit_population(table, photos.layout, photos.rows, fit);
  population.features = photos.population_id;
  population.concepts = photos.concepts;
  if (!photos.concepts.empty()) population.rater = options.rater.rater;
  wipe_progress();
  file.write(population_to_json(population).dump(1) + "\n");
  file.commit();
  print(described(population) + fmt::format("wrote {}\n", options.out.string()));
  return 0;
}

}  // namespace

Command add_train_population(CLI::App& train) {
  auto* app = train.add_subcommand("population", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  app->add_option("--data", options->data, "The data set's folder")->option_text("ROOT")->required();
  app->add_option("--set", options->set, "Which set it is: para, lapis, flickr-aes, real-cur, eva or oasis")
      ->option_text("NAME")
      ->required();
  app->add_option("--out", options->out, "The population file to write")->option_text("FILE")->required();
  app->add_option("--groups", options->groups, "Groups of features, with commas between them")
      ->option_text("NAMES")
      ->delimiter(',');
  add_rater_options(*app, options->rater, true);
  app->add_option("--seed", options->seed, "Of the folds that spreads are calibrated on (here 0)")->option_text("N");
  add_model_options(*app, options->scoring);
  return {app, [options] { return train_population(*options); }};
}

}  // namespace paa::cli
