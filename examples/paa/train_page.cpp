#include "train_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "gallery_style.h"
#include "html_text.h"
#include "paa/core/file.h"
#include "paa/core/json.h"
#include "paa/core/version.h"
#include "svg_plot.h"

namespace paa::cli {
namespace {

constexpr const char* kTrainStyle = R"css(
.facts { border-collapse: collapse; margin: 1rem 0; } .facts th { text-align: left; font-weight: 400; color: var(--quiet);
  padding: .15rem 1.5rem .15rem 0; vertical-align: top; } .facts td { padding: .15rem 0; font-variant-numeric: tabular-nums; }
figure { margin: 1.6rem 0; } details { margin: 1.6rem 0; } pre { white-space: pre-wrap; font-size: .8125rem; }
)css";

// Points of the plot at most: each stands for the mean of its steps.
constexpr std::size_t kPlotPoints = 150;

PlotSeries averaged(const std::string& name, const std::vector<TrainingStep>& steps, double TrainingStep::*value) {
  PlotSeries series{name, {}, {}, {}, {}};
  const std::size_t width = std::max<std::size_t>(1, (steps.size() + kPlotPoints - 1) / kPlotPoints);
  for (std::size_t begin = 0; begin < steps.size(); begin += width) {
    const std::size_t end = std::min(begin + width, steps.size());
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += steps[i].*value;
    series.x.push_back(static_cast<double>(steps[end - 1].step));
    series.y.push_back(sum / static_cast<double>(end - begin));
  }
  return series;
}

// The steps of one phase.
std::vector<TrainingStep> steps_of(const TrainingReport& report, bool matching) {
  std::vector<TrainingStep> steps;
  for (const TrainingStep& step : report.steps) {
    if (step.matching.has_value() == matching) steps.push_back(step);
  }
  return steps;
}

std::string matching_plot(const TrainingReport& report) {
  const auto steps = steps_of(report, true);
  if (steps.empty()) return {};
  const PlotSeries series = averaged("squared error", steps, &TrainingStep::loss);
  return "<figure>" +
         line_plot({&series, 1}, {"First phase: simulated tastes matched with photos", "step", "points squared"}) +
         "</figure>\n";
}

std::string loss_plot(const TrainingReport& report) {
  const auto steps = steps_of(report, false);
  std::vector<PlotSeries> series = {averaged("loss", steps, &TrainingStep::loss)};
  const LossWeights& weights = report.config.loss;
  if (weights.plcc > 0 || weights.pairwise > 0)
    series.push_back(averaged("cross-entropy", steps, &TrainingStep::cross_entropy));
  if (weights.plcc > 0) series.push_back(averaged("1 - PLCC", steps, &TrainingStep::plcc));
  if (weights.pairwise > 0) series.push_back(averaged("pairwise", steps, &TrainingStep::pairwise));
  return line_plot(series, {"Loss on the training samples", "step", "loss"});
}

std::string validation_plot(const TrainingReport& report) {
  PlotSeries series{"SROCC", {}, {}, {}, {}};
  for (const TrainingStep& step : report.steps) {
    if (!step.validation) continue;
    series.x.push_back(static_cast<double>(step.step));
    series.y.push_back(*step.validation);
  }
  if (series.x.empty()) return {};
  return "<figure>" + line_plot({&series, 1}, {"Averaged weights on validation photos, no profile", "step", "SROCC"}) +
         "</figure>\n";
}

std::string fact(const std::string& name, const std::string& value) {
  return fmt::format("<tr><th>{}</th><td><bdi>{}</bdi></td></tr>\n", html_text(name), html_text(value));
}

std::string facts(const TrainingReport& report) {
  std::string rows = fact("data set", report.set) + fact("steps", std::to_string(report.result.steps)) +
                     fact("samples a step", std::to_string(report.config.batch)) +
                     fact("seed", std::to_string(report.config.seed));
  if (!report.steps.empty()) rows += fact("last loss", fmt::format("{:.4f}", report.steps.back().loss));
  rows += fact("weights taken", report.config.select_best ? "those of the best validation (an optimistic choice)"
                                                          : "the average at the end");
  rows += fact("frozen LLM, SHA-256 before and after", report.result.frozen_sha256);
  return "<table class=\"facts\">\n" + rows + "</table>\n";
}

std::string config_text(const TrainingConfig& config) {
  const std::string text = training_config_to_json(config).dump(2);
  std::string html;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    html += html_text(std::string_view(text).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return html;
}

}  // namespace

std::vector<TrainingStep> read_metrics(const std::filesystem::path& file) {
  constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30;
  const std::string text = read_text_file(file, kMaxBytes);
  std::vector<TrainingStep> steps;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const Json json = parse_json(std::string_view(text).substr(begin, end - begin), file.string());
    const JsonReader reader(json, file.string());
    TrainingStep step;
    step.step = reader.get<std::int64_t>("step");
    step.matching = reader.find<double>("matching");
    if (step.matching) {
      step.loss = *step.matching;
    } else {
      step.loss = reader.get<double>("loss");
      step.cross_entropy = reader.get<double>("cross_entropy");
      step.plcc = reader.get<double>("plcc");
      step.pairwise = reader.get<double>("pairwise");
    }
    step.validation = reader.find<double>("validation_srocc");
    steps.push_back(step);
    begin = end + 1;
  }
  return steps;
}

std::string train_page(const TrainingReport& report) {
  const std::string title = html_text("Training of " + report.config.name);
  const std::string style = std::string(kGalleryStyle) + kPlotStyle + kTrainStyle;
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n</head>\n"
      "<body>\n<main>\n<h1>{}</h1>\n{}{}<figure>{}</figure>\n{}<details><summary>The whole "
      "configuration</summary><pre>{}</pre></details>\n"
      "<footer>Made by paa {}.</footer>\n</main>\n</body>\n</html>\n",
      title, style, title, facts(report), matching_plot(report), loss_plot(report), validation_plot(report),
      config_text(report.config), version());
}

}  // namespace paa::cli
