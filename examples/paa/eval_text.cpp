#include "eval_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "plain_line.h"

namespace paa::cli {
namespace {

template <class Report>
std::string text_of(std::span<const Report> reports) {
  std::string text;
  if (reports.size() > 1) text += table_text(models_table(reports)).substr(1);
  for (const auto& [model, report] : reports) {
    if (!text.empty()) text += "\n";
    text += fmt::format("# model {} {}\n", plain_line(model.name), model.hash);
    for (const auto& note : notes_of(report)) text += fmt::format("# {}\n", plain_line(note));
    for (const auto& table : tables_of(report)) text += table_text(table);
  }
  return text;
}

}  // namespace

std::string table_text(const TextTable& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    widths.push_back(table.columns[i].size());
    for (const auto& row : table.rows) widths[i] = std::max(widths[i], plain_line(row[i]).size());
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text = fmt::format("{:<{}}", plain_line(cells.front()), widths.front());
    for (std::size_t i = 1; i < cells.size(); ++i) text += fmt::format("  {:>{}}", cells[i], widths[i]);
    return text + "\n";
  };
  std::string text = "\n" + table.title + "\n" + line(table.columns);
  for (const auto& row : table.rows) text += line(row);
  return text;
}

std::string eval_text(std::span<const ModelReport> reports) { return text_of(reports); }
std::string eval_text(std::span<const SteeredModel> reports) { return text_of(reports); }

}  // namespace paa::cli
