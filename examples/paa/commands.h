#pragma once
// The subcommands of `paa`, one source file each.

#include <CLI/App.hpp>
#include <functional>

namespace paa::cli {

/// A subcommand that has been added to the app, and what it does once the command line is parsed.
struct Command {
  CLI::App* app;
  std::function<int()> run;  ///< returns the exit status; throws paa::Error, CLI::Error (wrong usage) or OutputClosed
};

Command add_score(CLI::App& paa);
Command add_rank(CLI::App& paa);
Command add_rate(CLI::App& paa);
Command add_ask(CLI::App& paa);
Command add_interview(CLI::App& paa);
Command add_predict(CLI::App& paa);
Command add_person(CLI::App& paa);
Command add_models(CLI::App& paa);
Command add_train(CLI::App& paa);
Command add_eval(CLI::App& paa);
Command add_study(CLI::App& paa);
Command add_data(CLI::App& paa);

}  // namespace paa::cli
