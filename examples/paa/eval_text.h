#pragma once
// An evaluation as text for people.

#include <span>
#include <string>

#include "eval_steering.h"
#include "eval_table.h"

namespace paa::cli {

/// Notes as lines that begin with "#", then aligned tables. With several models one table over all of them stands first,
/// then each model's own.
std::string eval_text(std::span<const ModelReport> reports);
std::string eval_text(std::span<const SteeredModel> reports);


/// An empty line, the title, and the table with aligned columns.
std::string table_text(const TextTable& table);

}  // namespace paa::cli
