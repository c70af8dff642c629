// The `paa` command line: parses, runs one subcommand, turns errors into one line and an exit status.

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <new>
#include <vector>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/log.h"
#include "paa/core/version.h"

namespace {

using namespace paa::cli;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

constexpr const char* kDescription = R"(paa predicts how one particular person will rate photos.

It reads what is said of the person (age, taste, anything in free words) and scores each photo with a frozen language
model that sees the photo; and it learns from the first photos that the person rates. Nothing leaves this machine.)";

// CLI11 prints help and the version to stdout through an "error" of status 0; wrong usage becomes one line.
int answer(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  const auto chosen = app.get_subcommands();
  complain(fmt::format("{}; see paa {}--help", error.what(), chosen.empty() ? "" : chosen.front()->get_name() + " "));
  return kWrongUsage;
}

int run(CLI::App& app, const std::vector<Command>& commands, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    for (const auto& command : commands) {
      if (command.app->parsed()) return command.run();
    }
  } catch (const CLI::ParseError& e) {
    return answer(app, e);
  }
  complain("say what to do: score, rank, rate, ask, predict, person, models, train, eval, study or data; see paa --help");
  return kWrongUsage;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef __GLIBC__
  // The encoder's activations come and go with every photo. Keeping their pages saves a fifth of its time.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  CLI::App app(kDescription, "paa");
  app.set_version_flag("--version", fmt::format("paa {}\ndefault model {}", paa::version(), paa::kDefaultModel));
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(34);
  const std::vector<Command> commands = {add_score(app), add_rank(app),   add_rate(app),  add_ask(app),
                                         add_predict(app), add_interview(app), add_person(app), add_models(app), add_train(app),
                                         add_eval(app),    add_study(app),  add_data(app)};
  paa::set_log_callback([](paa::LogLevel level, std::string_view message) {
    if (level == paa::LogLevel::kWarning) complain(message);
  });
  try {
    return run(app, commands, argc, argv);
  } catch (const OutputClosed&) {
    return kFailed;
  } catch (const paa::Error& e) {
    wipe_progress();
    if (e.code() == paa::ErrorCode::kCancelled) return interrupted_status();
    complain(e.what());
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& e) {
    complain(e.what());
  }
  return kFailed;
}
