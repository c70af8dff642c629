#pragma once
// A measurement of steering as tables of words and numbers, for the terminal and for the page.

#include <span>
#include <string>
#include <vector>

#include "eval_table.h"
#include "paa/eval/steering.h"

namespace paa::cli {

/// One model's measurement.
struct SteeredModel {
  ModelInfo model;
  eval::SteeringReport report;
};

/// The four kinds of texts, "mean [low, high]" over texts; the coarse categories.
std::vector<TextTable> tables_of(const eval::SteeringReport& report);

/// One line a model: slope for each kind of texts.
TextTable models_table(std::span<const SteeredModel> reports);

/// What was measured, with which seed, and what has to be known to read the tables: one sentence a line.
std::vector<std::string> notes_of(const eval::SteeringReport& report);

}  // namespace paa::cli
