// paa predict: paa score for a person who has rated photos, with reasons.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <map>
#include <memory>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "personal_run.h"
#include "score_format.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Predict how a person who has rated photos would rate others, and why";
constexpr const char* kFooter = R"(
Learns from what the person file holds (see paa rate) and writes one line a photo, in the order given, with the fields
of paa score and two more: "usual", what this person is expected to give to a typical photo, and "reasons", what adds
to it or takes away. Usual and the points of all reasons sum to the score, unless the end of the scale cuts it. Scores
are on the person's own scale.

Exit status: 0 all photos predicted, 1 something failed (the others are predicted all the same), 2 wrong usage, 130
Ctrl-C.

Examples:
  paa predict --person anna.json photos/
  paa predict --person anna.json --format json photos/ | head
)";

const std::map<std::string, ScoreFormat> kFormats = {
    {"text", ScoreFormat::kText}, {"json", ScoreFormat::kJson}, {"csv", ScoreFormat::kCsv}};

struct Options {
  ScoringOptions scoring;
  PersonalOptions personal;
  std::string format = "text";
};

int predict(const Options& options) {
  const ScoreFormat format = kFormats.at(options.format);
  const FoundPhotos found = photos_of(options.scoring);
  const Cancel* cancel = cancel_on_signal();
  PersonalRun personal(options.personal, options.scoring, found.photos, cancel);
  const auto learned = personal.scorer().model().fusion().observations();
  const ScoreRun run{personal.info(), personal.person().profile,
                     fmt::format("{}, from {} verdict{}", personal.name(), learned, learned == 1 ? "" : "s"), true};
  std::size_t done = 0, failed = 0;
  print(format_header(format, run));
  predict_photos(personal, found.photos, {.jobs = options.scoring.jobs}, cancel, [&](const ScoredPhoto& photo) {
    failed += photo.failed();
    if (photo.failed() && format == ScoreFormat::kText) complain(photo.error);
    print(format_photo(format, run, photo));
    show_progress(++done, found.photos.size());
  });
  wipe_progress();
  if (failed > 0 && format != ScoreFormat::kText) {
    complain(fmt::format("{} of {} photos could not be predicted", failed, found.photos.size()));
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace

Command add_predict(CLI::App& paa) {
  auto* app = paa.add_subcommand("predict", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  add_personal_options(*app, options->personal);
  add_scoring_options(*app, options->scoring);
  app->add_option("--format", options->format, "text (the default), json (one object a line) or csv")
      ->option_text("text|json|csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  return {app, [options] { return predict(*options); }};
}

}  // namespace paa::cli
