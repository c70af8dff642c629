#pragma once
// An evaluation as tables of words and numbers, for the terminal and for the page.

#include <span>
#include <string>
#include <vector>

#include "paa/eval/report.h"
#include "paa/pmllm/pmllm.h"

namespace paa::cli {

/// One model's evaluation.
struct ModelReport {
  ModelInfo model;
  eval::EvaluationReport report;
};

/// Cells are UTF-8; the first column holds names, the others numbers. Each row has as many cells as there are columns.
struct TextTable {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Order, distance, calibration and differences: "mean [low, high]" over people, and the pooled value beside it. "-"
/// stands for what is not defined.
std::vector<TextTable> tables_of(const eval::EvaluationReport& report);

/// One line a model, for comparing them: photo-level SROCC, per-person SROCC without, with and with a shuffled profile,
/// and the paired differences. Models of one name are told apart by their hash.
TextTable models_table(std::span<const ModelReport> reports);

/// What was evaluated, on whom, with which seed, and what has to be known to read the tables: one sentence a line.
std::vector<std::string> notes_of(const eval::EvaluationReport& report);

/// "0.395 [0.361, 0.428]"; "-" if it is not defined.
std::string interval_text(const eval::Interval& interval);

/// Three decimals; "-" if it is not defined.
std::string number_text(double value);

/// The model's name, with its hash if several of `models` have the name.
std::string model_name(std::span<const ModelInfo> models, const ModelInfo& model);

/// The row's name, with its k if it knows ratings.
std::string row_text(const eval::RowResult& row);

}  // namespace paa::cli
