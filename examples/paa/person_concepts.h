#pragma once
// paa person concepts.

#include <CLI/App.hpp>

#include "commands.h"

namespace paa::cli {

/// Adds the subcommand to `person`.
Command add_person_concepts(CLI::App& person);

}  // namespace paa::cli
