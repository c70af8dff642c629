#include "eval_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "html_text.h"
#include "report_page.h"
#include "svg_plot.h"

namespace paa::cli {
namespace {

using eval::EvaluationReport;
using eval::Metric;
using eval::RowResult;
using eval::SteeringReport;

std::string title_of(const EvaluationReport& report) {
  return fmt::format("Evaluation on {}, {}", html_text(report.set), to_string(report.protocol));
}

std::string title_of(const SteeringReport& report) { return fmt::format("Evaluation on {}, steering", html_text(report.set)); }

// Each person's SROCC in two rows, one against the other.
std::string people_plot(const EvaluationReport& report, const RowResult& across, const RowResult& up) {
  PlotSeries people{"people", {}, {}, {}, {}};
  for (std::size_t i = 0; i < report.people.size(); ++i) {
    const double x = across.people[i][Metric::kSrocc], y = up.people[i][Metric::kSrocc];
    people.x.push_back(x);
    people.y.push_back(y);
    people.titles.push_back(fmt::format("{}, {} ratings: {}, {}", report.people[i], report.person_ratings[i],
                                        number_text(x), number_text(y)));
  }
  return scatter_plot({&people, 1}, {"Each person's SROCC", row_text(across), row_text(up), true});
}

// A row's figure at each k; without ratings it is the generic one.
PlotSeries curve(const EvaluationReport& report, const std::string& name, Metric metric) {
  PlotSeries series{name, {}, {}, {}, {}};
  const auto add = [&](double k, const RowResult* row) {
    if (row == nullptr) return;
    series.x.push_back(k);
    series.y.push_back((*row)[metric].mean);
    series.low.push_back((*row)[metric].low);
    series.high.push_back((*row)[metric].high);
  };
  add(0, report.find(eval::kGenericRow));
  for (const int k : report.options.k) add(k, report.find(name, k));
  return series;
}

// A row that knows no ratings: the same at every k.
PlotSeries level(const EvaluationReport& report, const RowResult& row, Metric metric) {
  const double last = report.options.k.back(), mean = row[metric].mean;
  return {row.name, {0, last}, {mean, mean}, {}, {}};
}

std::string curves(const EvaluationReport& report, Metric metric, const char* title, const char* unit) {
  std::vector<PlotSeries> series;
  for (const auto& row : report.rows) {
    const bool seen = std::any_of(series.begin(), series.end(), [&](const auto& one) { return one.name == row.name; });
    if (seen) continue;
    series.push_back(row.k == 0 ? level(report, row, metric) : curve(report, row.name, metric));
  }
  return line_plot(series, {title, "ratings known (k)", unit});
}

// Each text's correlation over how far it moves scores.
std::string plots(const SteeringReport& report) {
  std::vector<PlotSeries> series;
  for (const auto& row : report.rows) {
    PlotSeries& texts = series.emplace_back(PlotSeries{row.name, {}, {}, {}, {}, {}});
    for (const auto& one : row.texts) {
      texts.x.push_back(one.distance);
      texts.y.push_back(one.plcc);
      texts.titles.push_back(fmt::format("{}: PLCC {}, slope {}", one.text, number_text(one.plcc), number_text(one.slope)));
    }
  }
  return cards({scatter_plot(series, {"Each text", "mean |shift|, points", "PLCC with the shift it means"})});
}

std::string plots(const EvaluationReport& report) {
  std::vector<std::string> drawn;
  if (report.protocol == eval::Protocol::kKShot) {
    drawn.push_back(curves(report, Metric::kSrocc, "SROCC over k, mean over people", "SROCC"));
    drawn.push_back(curves(report, Metric::kMae, "Mean absolute error over k, mean over people", "points"));
  }
  const RowResult* generic = report.find(eval::kGenericRow);
  const RowResult* profile = report.find(eval::kProfileRow);
  if (profile == nullptr) profile = report.find(eval::kPeopleMeanRow);
  if (generic != nullptr && profile != nullptr) drawn.push_back(people_plot(report, *generic, *profile));
  return cards(drawn);
}

template <class Report>
std::string model_section(const Report& one) {
  std::string text = fmt::format("<section>\n<h2><bdi>{}</bdi> <span class=\"quiet\">{}</span></h2>\n<ul class=\"notes\">\n",
                                 html_text(one.model.name), html_text(one.model.hash));
  for (const auto& note : notes_of(one.report)) text += fmt::format("<li>{}</li>\n", html_text(note));
  text += "</ul>\n";
  for (const auto& table : tables_of(one.report)) text += table_html(table);
  text += plots(one.report);
  if (!one.model.data_note.empty()) {
    text += fmt::format("<aside class=\"note\"><h3>What the model can and cannot tell</h3><p>{}</p></aside>\n",
                        html_text(one.model.data_note));
  }
  return text + "</section>\n";
}

template <class Report>
std::string page_of(std::span<const Report> reports) {
  const std::string title = title_of(reports.front().report);
  std::string page = report_head(title) + "<body>\n<main>\n" + fmt::format("<header><h1>{}</h1></header>\n", title);
  if (reports.size() > 1) page += table_html(models_table(reports));
  for (const auto& report : reports) page += model_section(report);
  return page + report_foot();
}

}  // namespace

std::string eval_page(std::span<const ModelReport> reports) { return page_of(reports); }
std::string eval_page(std::span<const SteeredModel> reports) { return page_of(reports); }

}  // namespace paa::cli
