// paa interview: ask a person in the terminal what they find beautiful, and keep what they say.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "interview_setup.h"
#include "line_input.h"
#include "paa/core/error.h"
#include "person_text.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Ask a person what they find beautiful, and keep it in their person file";
constexpr const char* kFooter = R"(
One question at a time, about photos in general and, with --photos, about pairs of photos of a folder. While the
person thinks, a second reader looks for what the answers before said they like and dislike, each with the words that
say so. At the end it tells what it understood, and the person agrees or says what is different. From then on photos
are also rated on what matters to this person, and `paa predict` names it among its reasons.

Every answer is on the disk before the next question is asked: after Ctrl-C or a crash, --resume goes on. Without
--chat everything stays on this machine: the questions are the guide's own, and a small language model reads the
answers. With --chat a model on a server asks and reads; it is sent the answers.

In place of an answer: an empty line skips the question, /back returns to the one before, /understood shows what was
understood so far, /stop ends the interview, /quit leaves it for later.

Keys, in a terminal: left, right, Home, End and Ctrl-left, Ctrl-right move in the line; Backspace and Delete take a
letter, Ctrl-W a word, Ctrl-U the line; up and down bring back lines of this sitting, which no history file remembers.
Line breaks that are pasted become spaces. Ctrl-C or Ctrl-D on an empty line leaves the interview for later.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C (--resume goes on).

Examples:
  paa interview --person anna.json
  paa interview --person anna.json --photos photos/
  paa interview --person anna.json --resume
  paa interview --person anna.json --script answers.txt
  paa interview --person anna.json --chat http://127.0.0.1:8080/v1 --chat-model mistral-7b
)";

struct Options {
  InterviewSetup setup;
  std::filesystem::path script;
  bool resume = false, discard = false, yes = false;
};

void say(const std::string& text) {
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    print(plain_line(std::string_view(text).substr(at, end - at)) + "\n");
    at = end + 1;
  }
}

void show(const InterviewQuestion& question) {
  print("\n");
  for (const auto& photo : question.photos) print(fmt::format("  [{}]\n", plain_line(photo)));
  say(question.text);
}

// What a person typed in place of an answer. Returns whether to go on.
bool obey(Interview& interview, const std::string& command) {
  if (command == "/quit") return false;
  if (command == "/stop") {
    interview.stop();
  } else if (command == "/back") {
    if (!interview.back()) print("This is the first question.\n");
  } else if (command == "/skip") {
    interview.skip();
  } else if (command == "/understood") {
    const auto state = interview.state();
    print(preferences_text(state->preferences));
    if (const auto left = state->pending().size(); left > 0) print(fmt::format("({} answers are still being read)\n", left));
  } else {
    print("In place of an answer: an empty line skips, /back, /understood, /stop, /quit.\n");
  }
  return true;
}

// Whether the interview came to its end. With the input the terminal is given back.
bool converse(Interview& interview, LineInput input, const Cancel* cancel) {
  while (const auto question = interview.question({}, cancel)) {
    show(*question);
    const auto line = input.read("> ", cancel);
    if (!line) {
      if (!input.ends_the_interview()) return false;
      interview.stop();
    } else if (line->starts_with('/')) {
      if (!obey(interview, *line)) return false;
    } else {
      interview.answer(*line);
    }
  }
  return true;
}

void say_kept(const std::filesystem::path& person) {
  print(fmt::format("\nKept. Go on with: paa interview --person {} --resume\n", person.string()));
}

// To its end, or until the person leaves.
void hold(InterviewRun& run, LineInput input, const std::filesystem::path& file, const Cancel* cancel) {
  Interview& interview = run.interview();
  const bool over = converse(interview, std::move(input), cancel);
  for (const auto& fault : interview.faults()) complain(fault);
  if (!over) return say_kept(file);
  const Person person = interview.finish(cancel);
  print("\n");
  say(run.guide().closing);
  print("\n" + interview_result_text(person));
}

int discard(const Options& options) {
  const auto path = interview_path(options.setup.person);
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::kNotFound, fmt::format("{}: there is no running interview", path.string()));
  }
  if (!options.yes) {
    throw CLI::ValidationError("--yes", fmt::format("is needed to delete {}: it holds what this person answered", path.string()));
  }
  std::filesystem::remove(path);
  print(fmt::format("{}: deleted\n", path.string()));
  return 0;
}

int run_interview(const Options& options) {
  if (options.discard) return discard(options);
  const bool begun = std::filesystem::exists(interview_path(options.setup.person));
  if (begun && !options.resume) {
    throw CLI::ValidationError("--resume", fmt::format("is needed: an interview was begun in {}; or delete it with --discard",
                                                       interview_path(options.setup.person).string()));
  }
  if (!begun && options.resume) {
    throw Error(ErrorCode::kNotFound, fmt::format("there is no interview to go on with in {}; begin one without --resume",
                                                  interview_path(options.setup.person).string()));
  }
  const Cancel* cancel = cancel_on_signal();
  LineInput input(options.script);
  InterviewRun run(options.setup, cancel);
  const Interview& interview = run.interview();
  if (!interview.set_aside().empty()) complain(interview.set_aside());
  if (!begun) say(run.guide().opening + "\nAn empty line skips a question; /back, /understood, /stop and /quit do what they say.");
  try {
    hold(run, std::move(input), options.setup.person, cancel);
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kCancelled) say_kept(options.setup.person);
    throw;
  }
  return 0;
}

}  // namespace

Command add_interview(CLI::App& paa) {
  auto* app = paa.add_subcommand("interview", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  add_interview_options(*app, options->setup);
  app->add_option("--script", options->script, "A file with one answer a line, for runs without a person; - is standard input")
      ->option_text("FILE");
  app->add_flag("--resume", options->resume, "Go on with the interview that was left");
  app->add_flag("--discard", options->discard, "Delete the interview that was left (needs --yes)");
  app->add_flag("--yes", options->yes, "Yes, delete it");
  return {app, [options] { return run_interview(*options); }};
}

}  // namespace paa::cli
