#pragma once
// A study as tables and curves, for the terminal and as a page.

#include <string>
#include <vector>

#include "eval_table.h"
#include "paa/eval/study.h"

namespace paa::cli {

/// What was studied, on whom, and what has to be known to read the tables: one sentence a line.
std::vector<std::string> study_notes(const eval::StudyReport& report);

/// SROCC, MAE and RMSE of each method over k, calibration, MAE by rating level, and paired differences.
std::vector<TextTable> study_tables(const eval::StudyReport& report);

/// Notes and tables as text for people.
std::string study_text(const eval::StudyReport& report);

/// The same as one HTML page with the curves, which holds everything it shows and needs no network and no script.
std::string study_page(const eval::StudyReport& report);

}  // namespace paa::cli
