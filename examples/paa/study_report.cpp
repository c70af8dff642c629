#include "study_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eval_text.h"
#include "html_text.h"
#include "plain_line.h"
#include "report_page.h"
#include "svg_plot.h"

namespace paa::cli {
namespace {

using eval::Interval;
using eval::Metric;
using eval::StudyReport;
using eval::StudyRow;

// A method that learns has one row for each k, the others one for all.
std::vector<std::string> methods_of(const StudyReport& report) {
  std::vector<std::string> names;
  for (const auto& row : report.rows) {
    if (std::find(names.begin(), names.end(), row.name) == names.end()) names.push_back(row.name);
  }
  return names;
}

bool learns(const StudyReport& report, const std::string& name) {
  return std::count_if(report.rows.begin(), report.rows.end(), [&](const StudyRow& row) { return row.name == name; }) >
         1;
}

// `cell` of each method and k; a method that does not learn has its cell in the first column only.
template <class Cell>
TextTable table_over_k(const StudyReport& report, const std::string& title, const Cell& cell) {
  TextTable table{title, {"method"}, {}};
  for (const int k : report.options.k) table.columns.push_back(fmt::format("k = {}", k));
  for (const auto& name : methods_of(report)) {
    std::vector<std::string> cells = {name};
    for (const int k : report.options.k) {
      const StudyRow* row = report.find(name, k);
      cells.push_back(row == nullptr ? "" : cell(*row));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

TextTable metric_table(const StudyReport& report, Metric metric, const std::string& title) {
  return table_over_k(report, title, [&](const StudyRow& row) { return number_text(row[metric].mean); });
}

TextTable interval_table(const StudyReport& report, Metric metric, const std::string& title) {
  TextTable table = table_over_k(report, title, [&](const StudyRow& row) { return interval_text(row[metric]); });
  if (report.retest) {
    std::vector<std::string> retest(table.columns.size());
    retest[0] = "the person's own second rating";
    retest[1] = interval_text((*report.retest)[metric]);
    table.rows.push_back(std::move(retest));
  }
  return table;
}

TextTable level_table(const StudyReport& report) {
  const int k = report.options.k.back();
  TextTable table{fmt::format("MAE by rating, k = {}", k), {"method"}, {}};
  for (std::size_t level = 0; level < report.rows.front().mae_by_level.size(); ++level) {
    table.columns.push_back(fmt::format("{:g}", report.scale.low + static_cast<double>(level)));
  }
  for (const auto& name : methods_of(report)) {
    // A method need not be asked with the largest k.
    const StudyRow& row = *std::find_if(report.rows.rbegin(), report.rows.rend(),
                                        [&, &wanted = name](const StudyRow& one) { return one.name == wanted; });
    std::vector<std::string> cells = {learns(report, name) && row.k != k ? fmt::format("{} (k = {})", name, row.k) : name};
    for (const double mae : row.mae_by_level) cells.push_back(number_text(mae));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

TextTable difference_table(const StudyReport& report, Metric metric, const std::string& title) {
  TextTable table{title, {"method less method"}, {}};
  for (const int k : report.options.k) table.columns.push_back(fmt::format("k = {}", k));
  for (const auto& [row, minus] : report.options.compared) {
    std::vector<std::string> cells = {row + " less " + minus};
    for (const int k : report.options.k) {
      const auto found = std::find_if(report.differences.begin(), report.differences.end(),
                                      [&, &name = row, &other = minus](const auto& one) {
                                        return one.row == name && one.minus == other && one.k == k;
                                      });
      cells.push_back(found == report.differences.end() ? "" : interval_text((*found)[metric]));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

TextTable noise_table(const StudyReport& report) {
  return table_over_k(report, "RMSE without the person's own noise",
                      [&](const StudyRow& row) { return number_text(report.corrected_rmse(row[Metric::kRmse].mean)); });
}

PlotSeries curve(const StudyReport& report, const std::string& name, Metric metric) {
  PlotSeries series{name, {}, {}, {}, {}};
  const bool level = !learns(report, name);
  for (std::size_t i = 0; i < report.options.k.size(); ++i) {
    const StudyRow* row = report.find(name, level ? 0 : report.options.k[i]);
    if (row == nullptr) continue;
    series.x.push_back(static_cast<double>(report.options.k[i]));
    series.y.push_back((*row)[metric].mean);
    if (level) continue;
    series.low.push_back((*row)[metric].low);
    series.high.push_back((*row)[metric].high);
  }
  return series;
}

std::string curves(const StudyReport& report, Metric metric, const std::string& title, const std::string& unit) {
  std::vector<PlotSeries> series;
  for (const auto& name : methods_of(report)) series.push_back(curve(report, name, metric));
  return line_plot(series, {title, "ratings known (k)", unit});
}

}  // namespace

std::vector<std::string> study_notes(const StudyReport& report) {
  std::vector<std::string> notes = {
      fmt::format("{}: {} unseen people, their {} ratings of {} unseen photos; {} people left out for too few ratings",
                  report.set, report.people.size(), report.ratings, report.photos, report.left_out),
      fmt::format("means over people with 95 % bootstrap intervals, each over {} draws of k of the person's other "
                  "ratings, seed {}",
                  report.options.draws, report.options.seed),
      "what does not look at the person's ratings stands under the first k only"};
  if (report.noise) {
    notes.push_back(fmt::format(
        "rating the same photo again, people differ from themselves by {:.3f} (RMSE), so {:.3f} of each RMSE is "
        "the person's own noise: nobody predicts better than that",
        *report.noise * std::sqrt(2.0), *report.noise));
  }
  return notes;
}

std::vector<TextTable> study_tables(const StudyReport& report) {
  std::vector<TextTable> tables = {
      interval_table(report, Metric::kSrocc, "SROCC by person"),
      interval_table(report, Metric::kMae, "MAE by person, points"),
      metric_table(report, Metric::kPlcc, "PLCC by person"),
      metric_table(report, Metric::kRmse, "RMSE by person, points"),
      metric_table(report, Metric::kCoverage80, "Share of ratings inside the 80 % interval")};
  if (report.noise) tables.push_back(noise_table(report));
  tables.push_back(level_table(report));
  tables.push_back(difference_table(report, Metric::kSrocc, "SROCC, paired differences"));
  tables.push_back(difference_table(report, Metric::kMae, "MAE, paired differences"));
  return tables;
}

std::string study_text(const StudyReport& report) {
  std::string text;
  for (const auto& note : study_notes(report)) text += fmt::format("# {}\n", plain_line(note));
  for (const auto& table : study_tables(report)) text += table_text(table);
  return text;
}

std::string study_page(const StudyReport& report) {
  const std::string title = fmt::format("Study on {}", html_text(report.set));
  std::string page = report_head(title) + "<body>\n<main>\n" +
                     fmt::format("<header><h1>{}</h1></header>\n<ul class=\"notes\">\n", title);
  for (const auto& note : study_notes(report)) page += fmt::format("<li>{}</li>\n", html_text(note));
  page += "</ul>\n" + cards({curves(report, Metric::kSrocc, "SROCC over k, mean over people", "SROCC"),
                             curves(report, Metric::kMae, "MAE over k, mean over people", "points")});
  for (const auto& table : study_tables(report)) page += table_html(table);
  return page + report_foot();
}

}  // namespace paa::cli
