// paa ask: which photos, or pairs of photos, a person should rate next.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "paa/dlllm/asked.h"
#include "personal_run.h"
#include "photo_library.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Tell which photos a person should rate next, because they teach most";
constexpr const char* kFooter = R"(
Of the photos named, those are chosen whose ratings are expected to make the predictions for all of them surest; each
of several is chosen as if the ones before it were rated already, so they differ. What has been rated or asked before
is not asked again (the person file remembers). When nothing is left that is worth asking, it says so.

Writes one line a question: the expected gain (points off the mean spread) and the photo, or "A or B" with --pairs.
--json: {"kind": "stars", "photo", "gain"} or {"kind": "preference", "photo", "other", "gain"}, one object a line.

Exit status: 0 also if there is nothing to ask, 1 failed, 2 wrong usage, 130 Ctrl-C.

Examples:
  paa ask --person anna.json photos/
  paa ask --person anna.json --count 5 photos/
  paa ask --person anna.json --pairs photos/
)";

struct Options {
  ScoringOptions scoring;
  PersonalOptions personal;
  std::size_t count = 1;
  bool pairs = false, json = false;
};

ElicitationOptions elicitation_for(const Options& options, const Person& person, const PhotoLibrary& library) {
  ElicitationOptions wanted = not_again(person, person.asked, library.hashes());
  wanted.count = options.count;
  wanted.pairs = options.pairs;
  return wanted;
}

void remember(const std::filesystem::path& file, const PhotoLibrary& library, const std::vector<Question>& questions) {
  update_person(file, [&](Person& person) {
    for (const auto& question : questions) {
      note_asked(person, question_key(library.photos[question.photo].sha256,
                                      question.pair ? library.photos[question.other].sha256 : ""));
    }
  });
}

std::string question_text(const Options& options, const PhotoLibrary& library, const Question& question) {
  const std::string photo = library.photos[question.photo].path.string();
  const std::string other = question.pair ? library.photos[question.other].path.string() : "";
  if (!options.json) {
    return fmt::format("{:.3f}  {}{}{}\n", question.gain, plain_line(photo), question.pair ? "  or  " : "",
                       plain_line(other));
  }
  Json json = {{"kind", question.pair ? "preference" : "stars"}, {"photo", photo}, {"gain", question.gain}};
  if (question.pair) json["other"] = other;
  return to_text(json) + "\n";
}

int ask(const Options& options) {
  const FoundPhotos found = photos_of(options.scoring);
  const Cancel* cancel = cancel_on_signal();
  PersonalRun run(options.personal, options.scoring, found.photos, cancel, true);
  const PhotoLibrary library = see_library(run, found, options.scoring.jobs, cancel);
  const auto questions =
      next_questions(run.scorer().model().fusion(), library.rows, elicitation_for(options, run.person(), library));
  remember(options.personal.person, library, questions);
  for (const auto& question : questions) print(question_text(options, library, question));
  if (questions.empty()) {
    complain(
        "nothing is left that is worth asking: another rating would hardly make predictions for these photos surer");
  }
  return 0;
}

}  // namespace

Command add_ask(CLI::App& paa) {
  auto* app = paa.add_subcommand("ask", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  add_personal_options(*app, options->personal);
  add_scoring_options(*app, options->scoring);
  app->add_option("--count", options->count, "Questions, 1 to 1000 (here 1)")
      ->option_text("N")
      ->check(CLI::Range(1, 1000));
  app->add_flag("--pairs", options->pairs, "Ask which of two photos is better instead");
  app->add_flag("--json", options->json, "One JSON object a line");
  return {app, [options] { return ask(*options); }};
}

}  // namespace paa::cli
