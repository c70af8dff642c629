// paa score: one result for each photo, as it is computed.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <map>
#include <memory>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "profile_options.h"
#include "score_format.h"
#include "score_stream.h"
#include "scoring_options.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Predict how one person would rate photos";
constexpr const char* kFooter = R"(
Writes one line a photo, in the order given:
  text  score ± spread and the photo
  json  {"photo", "score", "spread", "scale": [lo, hi], "levels": {"bad" ... "excellent"}, "model", "profile"},
        or {"photo", "error"}
  csv   the same as columns, with an "error" column
Score and spread are on the model's scale; the spread is the standard deviation of the prediction.

Exit status: 0 all photos scored, 1 something failed (the others are scored all the same), 2 wrong usage, 130 Ctrl-C.

Examples:
  paa score holiday.jpg
  paa score --age 34 --gender female --about "I love quiet landscapes." photos/
  paa score --profile anna.json --format csv photos/ > scores.csv
)";

const std::map<std::string, ScoreFormat> kFormats = {
    {"text", ScoreFormat::kText}, {"json", ScoreFormat::kJson}, {"csv", ScoreFormat::kCsv}};

struct Options {
  explicit Options(CLI::App& app) : person(app, ProfileFiles::kOne) { add_scoring_options(app, scoring); }

  ScoringOptions scoring;
  ProfileOptions person;
  std::string format = "text";
};

void report(ScoreFormat format, const ScoreRun& run, const ScoredPhoto& photo) {
  if (photo.failed() && format == ScoreFormat::kText) complain(photo.error);
  print(format_photo(format, run, photo));
}

int score(const Options& options) {
  const NamedProfile person = options.person.people().front();
  const ScoreFormat format = kFormats.at(options.format);
  const FoundPhotos found = photos_of(options.scoring);
  const Cancel* cancel = cancel_on_signal();
  const Pmllm model = load_model(options.scoring, cancel);
  const PreparedProfile prepared = model.prepare(person.profile);
  const ScoreRun run{model.info(), person.profile, prepared.text()};

  std::size_t done = 0;
  std::size_t failed = 0;
  print(format_header(format, run));
  score_photos(model, std::span(&prepared, 1), found.photos, {.jobs = options.scoring.jobs}, cancel,
               [&](const ScoredPhoto& photo) {
                 failed += photo.failed();
                 report(format, run, photo);
                 show_progress(++done, found.photos.size());
               });
  wipe_progress();
  if (failed > 0 && format != ScoreFormat::kText) {
    complain(fmt::format("{} of {} photos could not be scored", failed, found.photos.size()));
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace

Command add_score(CLI::App& paa) {
  auto* app = paa.add_subcommand("score", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>(*app);
  app->add_option("--format", options->format, "text (the default), json (one object a line) or csv")
      ->option_text("text|json|csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  return {app, [options] { return score(*options); }};
}

}  // namespace paa::cli
