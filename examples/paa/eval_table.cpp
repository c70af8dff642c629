#include "eval_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace paa::cli {
namespace {

using eval::EvaluationReport;
using eval::Metric;
using eval::RowResult;

std::string label(const std::string& name, int k) { return k == 0 ? name : fmt::format("{}, k = {}", name, k); }

// The rows of a table, the noise ceiling last.
template <class Cells>
std::vector<std::vector<std::string>> cells_of(const EvaluationReport& report, const Cells& cells) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : report.rows) rows.push_back(cells(row_text(row), row));
  if (report.retest) {
    rows.push_back(cells(fmt::format("retest of {} others (ceiling)", report.retest->people.size()), *report.retest));
  }
  return rows;
}

void add_metric(std::vector<std::string>& cells, const RowResult& row, Metric metric) {
  cells.push_back(interval_text(row[metric]));
  cells.push_back(number_text(row.pooled[metric]));
}

TextTable order_table(const EvaluationReport& report) {
  return {"Order: correlation with the ratings",
          {"", "photo SROCC", "SROCC", "pooled", "PLCC", "pooled", "tau-b", "pooled"},
          cells_of(report, [](std::string name, const RowResult& row) {
            std::vector<std::string> cells{std::move(name), number_text(row.photo_srocc)};
            for (const Metric metric : {Metric::kSrocc, Metric::kPlcc, Metric::kTau}) add_metric(cells, row, metric);
            return cells;
          })};
}

TextTable distance_table(const EvaluationReport& report) {
  return {"Distance: points of the scale, and whether both are above its middle",
          {"", "MAE", "pooled", "RMSE", "pooled", "high class", "pooled"},
          cells_of(report, [](std::string name, const RowResult& row) {
            std::vector<std::string> cells{std::move(name)};
            for (const Metric metric : {Metric::kMae, Metric::kRmse, Metric::kHighAccuracy}) add_metric(cells, row, metric);
            return cells;
          })};
}

TextTable calibration_table(const EvaluationReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : report.rows) {
    std::vector<std::string> cells{row_text(row)};
    for (const Metric metric : {Metric::kCoverage50, Metric::kCoverage80, Metric::kCoverage95}) {
      cells.push_back(number_text(row.pooled[metric]));
    }
    add_metric(cells, row, Metric::kCrps);
    rows.push_back(std::move(cells));
  }
  return {"Calibration: share of ratings inside the central interval (pooled), and CRPS in points",
          {"", "50 %", "80 %", "95 %", "CRPS", "pooled"},
          std::move(rows)};
}

TextTable differences_table(const EvaluationReport& report) {
  TextTable table{"Paired differences over people", {"", "SROCC", "PLCC", "MAE", "CRPS"}, {}};
  for (const auto& one : report.differences) {
    std::vector<std::string> cells{fmt::format("{} less {}", label(one.row, one.k), one.minus)};
    for (const Metric metric : {Metric::kSrocc, Metric::kPlcc, Metric::kMae, Metric::kCrps}) {
      cells.push_back(interval_text(one[metric]));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string count(std::size_t number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string srocc_cell(const EvaluationReport& report, const char* name) {
  const RowResult* row = report.find(name);
  return row == nullptr ? "-" : interval_text((*row)[Metric::kSrocc]);
}

std::string difference_cell(const EvaluationReport& report, const char* name, const char* minus) {
  for (const auto& one : report.differences) {
    if (one.row == name && one.minus == minus) return interval_text(one[Metric::kSrocc]);
  }
  return "-";
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "-";
  return fmt::format("{:.3f}", std::abs(value) < 0.0005 ? 0.0 : value);
}

std::string interval_text(const eval::Interval& interval) {
  if (std::isnan(interval.mean)) return "-";
  return fmt::format("{} [{}, {}]", number_text(interval.mean), number_text(interval.low), number_text(interval.high));
}

std::string model_name(std::span<const ModelInfo> models, const ModelInfo& model) {
  const auto alike = std::count_if(models.begin(), models.end(), [&](const ModelInfo& other) { return other.name == model.name; });
  return alike > 1 ? fmt::format("{} {}", model.name, model.hash) : model.name;
}

std::string row_text(const eval::RowResult& row) { return label(row.name, row.k); }

std::vector<TextTable> tables_of(const EvaluationReport& report) {
  std::vector<TextTable> tables{order_table(report), distance_table(report), calibration_table(report)};
  if (!report.differences.empty()) tables.push_back(differences_table(report));
  return tables;
}

TextTable models_table(std::span<const ModelReport> reports) {
  TextTable table{"Models: SROCC",
                  {"", "photo", "no profile", "profile", "shuffled", "profile less none", "profile less shuffled"},
                  {}};
  std::vector<ModelInfo> models;
  for (const auto& one : reports) models.push_back(one.model);
  for (const auto& [model, report] : reports) {
    const RowResult* generic = report.find(eval::kGenericRow);
    table.rows.push_back({model_name(models, model), generic == nullptr ? "-" : number_text(generic->photo_srocc),
                          srocc_cell(report, eval::kGenericRow), srocc_cell(report, eval::kProfileRow),
                          srocc_cell(report, eval::kShuffledRow),
                          difference_cell(report, eval::kProfileRow, eval::kGenericRow),
                          difference_cell(report, eval::kProfileRow, eval::kShuffledRow)});
  }
  return table;
}

std::vector<std::string> notes_of(const EvaluationReport& report) {
  const auto& options = report.options;
  std::vector<std::string> notes;
  notes.push_back(fmt::format("{}, protocol {}: {}, {}, {} on a scale of {:g} to {:g}; seed {}.", report.set,
                              to_string(report.protocol), count(report.people.size(), "test person", "test people"),
                              count(report.photos, "test photo", "test photos"),
                              count(report.ratings, "rating", "ratings"), report.scale.low, report.scale.high,
                              options.seed));
  if (!report.planted.empty()) {
    notes.push_back(fmt::format("An experiment, not the set's own ratings: the taste {} was planted into them.", report.planted));
  }
  notes.push_back("Figures are means over people of each person's own, [95 % bootstrap interval over people]; \"pooled\" is over "
                  "all ratings at once.");
  if (report.protocol == eval::Protocol::kKShot) {
    notes.push_back(fmt::format("k-shot: means of {}; the ratings known are of other photos than those asked.",
                                count(static_cast<std::size_t>(options.draws), "draw", "draws")));
  }
  if (options.support_reader) {
    notes.push_back(fmt::format("Rows of {} are means of {}.", options.support_name,
                                count(static_cast<std::size_t>(options.support_draws), "draw", "draws")));
  }
  if (report.find(eval::kShuffledRow) != nullptr) {
    notes.push_back(fmt::format("Shuffled: everybody gets another person's profile, mean of {}.",
                                count(static_cast<std::size_t>(options.shuffles), "permutation", "permutations")));
  }
  if (report.unranked > 0) {
    notes.push_back(fmt::format("{} no correlation of their own: fewer than {} ratings, or all alike.",
                                count(report.unranked, "person has", "people have"), eval::kFewestRanked));
  }
  if (report.left_out > 0) {
    notes.push_back(fmt::format("{} left out: fewer than {} ratings to draw from.",
                                count(report.left_out, "test person is", "test people are"), options.k.back()));
  }
  if (report.icc || report.retest) {
    std::string noise = "Noise of the set:";
    if (report.icc) noise += fmt::format(" ICC(1) {};", number_text(*report.icc));
    if (report.retest) {
      noise += fmt::format(" {} rated the same photos twice, {} points apart on average;", report.retest->people.size(),
                           number_text(report.retest->pooled[Metric::kMae]));
    }
    noise.back() = '.';
    notes.push_back(std::move(noise));
  }
  return notes;
}

}  // namespace paa::cli
