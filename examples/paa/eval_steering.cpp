#include "eval_steering.h"

#include <fmt/format.h>

namespace paa::cli {
namespace {

using eval::SteeringReport;

TextTable kinds_table(const SteeringReport& report) {
  TextTable table{"Steering: shift of the scores against the shift that the text means",
                  {"", "PLCC", "SROCC", "slope", "right direction", "mean |shift|"},
                  {}};
  for (const auto& row : report.rows) {
    table.rows.push_back({row.name, interval_text(row.plcc), interval_text(row.srocc), interval_text(row.slope),
                          number_text(row.right), interval_text(row.distance)});
  }
  return table;
}

TextTable categories_table(const SteeringReport& report) {
  TextTable table{"Categories: mean score of their photos less that of all others, points",
                  {"", "photos", "no profile", "likes them", "dislikes them", "likes less dislikes"},
                  {}};
  for (const auto& one : report.categories) {
    table.rows.push_back({one.trait, std::to_string(one.photos), number_text(one.without), number_text(one.liked),
                          number_text(one.disliked), number_text(one.liked - one.disliked)});
  }
  return table;
}

}  // namespace

std::vector<TextTable> tables_of(const SteeringReport& report) {
  std::vector<TextTable> tables{kinds_table(report)};
  if (!report.categories.empty()) tables.push_back(categories_table(report));
  return tables;
}

TextTable models_table(std::span<const SteeredModel> reports) {
  TextTable table{"Models: slope of the shift", {""}, {}};
  for (const auto& row : reports.front().report.rows) table.columns.push_back(row.name);
  std::vector<ModelInfo> models;
  for (const auto& one : reports) models.push_back(one.model);
  for (const auto& [model, report] : reports) {
    auto& cells = table.rows.emplace_back(std::vector<std::string>{model_name(models, model)});
    for (const auto& row : report.rows) cells.push_back(interval_text(row.slope));
  }
  return table;
}

std::vector<std::string> notes_of(const SteeringReport& report) {
  return {fmt::format("{}, protocol steering: {} texts of each kind, {} test photos, scale {:g} to {:g}; seed {}.", report.set,
                      report.options.texts, report.photos, report.scale.low, report.scale.high, report.options.seed),
          "A text is drawn from a simulated taste and is the whole profile; the shift is a photo's score with it less the "
          "score without a profile. No rating is looked at.",
          "Held-out traits and wordings are those that the standard vocabulary keeps from training; test photos are no "
          "training photos.",
          "Figures are means over texts, [95 % bootstrap interval over texts]. Slope: points of shift for one that is meant, "
          "1 as training plants it, 0 unmoved; right direction: share of texts with a slope above 0 (0.5 by chance)."};
}

}  // namespace paa::cli
