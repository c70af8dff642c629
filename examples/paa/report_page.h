#pragma once
// What the pages with tables and plots share.

#include <string>
#include <vector>

#include "eval_table.h"

namespace paa::cli {

/// All up to the body; `title` is HTML.
std::string report_head(const std::string& title);
/// From the footer to the end.
std::string report_foot();
std::string table_html(const TextTable& table);
/// Plots (SVG) side by side.
std::string cards(const std::vector<std::string>& plots);

}  // namespace paa::cli
