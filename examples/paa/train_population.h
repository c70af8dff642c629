#pragma once
// paa train population: what per-person models begin with, from other people's ratings.

#include <CLI/App.hpp>

#include "commands.h"

namespace paa::cli {

/// Adds the subcommand to `paa train`.
Command add_train_population(CLI::App& train);

}  // namespace paa::cli
