#include "svg_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "html_text.h"
#include "paa/core/error.h"

namespace paa::cli {
namespace {

constexpr double kWidth = 720, kHeight = 420;
constexpr double kLeft = 68, kRight = 18, kTop = 34, kBottom = 56;
constexpr double kLegendLine = 20, kLetter = 7.2, kLegendMark = 40;
constexpr int kMostTicks = 7;
constexpr std::size_t kColours = 4;
constexpr std::size_t kMostMarks = 60;
constexpr const char* kDashes[] = {"none", "7 4", "2 3", "9 3 2 3"};

// The numbers an axis shows: `low` to `high`, a tick each `step`.
struct Scale {
  double low = 0, high = 1, step = 0.25;
};

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

// 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice numbers for graph labels").
double nice_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

Scale scale_of(Range range) {
  if (range.low > range.high) return {};
  if (range.high - range.low < 1e-12 * std::max(1.0, std::abs(range.low))) {
    const double room = std::max(0.5, std::abs(range.low) * 0.1);
    range = {range.low - room, range.high + room};
  }
  const double step = nice_step((range.high - range.low) / (kMostTicks - 1));
  return {std::floor(range.low / step + 1e-9) * step, std::ceil(range.high / step - 1e-9) * step, step};
}

struct Frame {
  Scale x, y;
  double top = kTop;

  double across(double value) const { return kLeft + (value - x.low) / (x.high - x.low) * (kWidth - kLeft - kRight); }
  double down(double value) const {
    return kHeight - kBottom - (value - y.low) / (y.high - y.low) * (kHeight - kBottom - top);
  }
};

bool finite(const PlotSeries& series, std::size_t i) {
  return std::isfinite(series.x[i]) && std::isfinite(series.y[i]);
}

void check(std::span<const PlotSeries> series) {
  for (const auto& one : series) {
    const std::size_t size = one.x.size();
    const auto fits = [&](std::size_t other) { return other == 0 || other == size; };
    if (one.y.size() == size && fits(one.low.size()) && one.low.size() == one.high.size() && fits(one.titles.size())) {
      continue;
    }
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the plotted series \"{}\" has columns of different lengths", one.name));
  }
}

// The legend's entries with their places; a line that is full is followed by another.
std::string legend(std::span<const PlotSeries> series, bool lines, double& top) {
  if (series.size() < 2) return {};
  std::string text;
  double at = kLeft;
  for (std::size_t i = 0; i < series.size(); ++i) {
    // Counting bytes gives a word with accents a little more room than it needs.
    const double width = kLegendMark + kLetter * static_cast<double>(series[i].name.size());
    if (at > kLeft && at + width > kWidth) {
      at = kLeft;
      top += kLegendLine;
    }
    const std::string mark =
        lines ? fmt::format("<polyline points=\"{:.1f},{:.1f} {:.1f},{:.1f}\" stroke-dasharray=\"{}\"/>", at, top - 4,
                            at + 20, top - 4, kDashes[i / kColours % std::size(kDashes)])
              : fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>", at + 12, top - 4);
    text += fmt::format("<g class=\"person p{}\">{}<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n", i % kColours, mark,
                        at + 26, top, html_text(series[i].name));
    at += width;
  }
  top += kLegendLine;
  return text;
}

// Ticks as short as their step allows, and zero without a sign.
std::string tick_text(double value, double step) {
  return fmt::format("{:g}", std::round(value / step) == 0 ? 0.0 : std::round(value / step) * step);
}

std::string grid(const Frame& frame) {
  std::string text;
  const double bottom = kHeight - kBottom, right = kWidth - kRight;
  for (double value = frame.x.low; value <= frame.x.high + frame.x.step / 2; value += frame.x.step) {
    const double at = frame.across(value);
    text += fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>"
                        "<text class=\"tick\" text-anchor=\"middle\" x=\"{0:.1f}\" y=\"{3:.1f}\">{4}</text>\n",
                        at, frame.top, bottom, bottom + 18, tick_text(value, frame.x.step));
  }
  for (double value = frame.y.low; value <= frame.y.high + frame.y.step / 2; value += frame.y.step) {
    const double at = frame.down(value);
    text += fmt::format("<line class=\"grid\" x1=\"{1:.1f}\" x2=\"{2:.1f}\" y1=\"{0:.1f}\" y2=\"{0:.1f}\"/>"
                        "<text class=\"tick\" text-anchor=\"end\" x=\"{3:.1f}\" y=\"{4:.1f}\">{5}</text>\n",
                        at, kLeft, right, kLeft - 8, at + 4, tick_text(value, frame.y.step));
  }
  return text + fmt::format("<rect class=\"frame\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                            kLeft, frame.top, right - kLeft, bottom - frame.top);
}

std::string labels(const Frame& frame, const PlotAxes& axes) {
  const double middle = (frame.top + kHeight - kBottom) / 2;
  return fmt::format("<text class=\"title\" x=\"{:.1f}\" y=\"18\">{}</text>\n"
                     "<text text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n"
                     "<text text-anchor=\"middle\" transform=\"translate(16 {:.1f}) rotate(-90)\">{}</text>\n",
                     kLeft, html_text(axes.title), (kLeft + kWidth - kRight) / 2, kHeight - 14,
                     html_text(axes.x_label), middle, html_text(axes.y_label));
}

std::string circle(const Frame& frame, const PlotSeries& series, std::size_t i, double radius) {
  const std::string title =
      series.titles.empty() ? "" : fmt::format("<title>{}</title>", html_text(series.titles[i]));
  return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\">{}</circle>", frame.across(series.x[i]),
                     frame.down(series.y[i]), radius, title);
}

// Runs of points without a gap: draw(begin, end) for each.
template <class Draw>
void for_each_run(const PlotSeries& series, const Draw& draw) {
  for (std::size_t begin = 0; begin < series.x.size();) {
    if (!finite(series, begin)) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < series.x.size() && finite(series, end)) ++end;
    draw(begin, end);
    begin = end;
  }
}

std::string band(const Frame& frame, const PlotSeries& series, std::size_t begin, std::size_t end) {
  std::string there, back;
  for (std::size_t i = begin; i < end; ++i) {
    if (!std::isfinite(series.low[i]) || !std::isfinite(series.high[i])) continue;
    there += fmt::format("{:.1f},{:.1f} ", frame.across(series.x[i]), frame.down(series.high[i]));
    back = fmt::format("{:.1f},{:.1f} ", frame.across(series.x[i]), frame.down(series.low[i])) + back;
  }
  return fmt::format("<polygon points=\"{}{}\"/>", there, back);
}

std::string line(const Frame& frame, const PlotSeries& series, std::size_t index) {
  std::string text;
  for_each_run(series, [&](std::size_t begin, std::size_t end) {
    if (!series.low.empty()) text += band(frame, series, begin, end);
    std::string points;
    for (std::size_t i = begin; i < end; ++i) {
      points += fmt::format("{:.1f},{:.1f} ", frame.across(series.x[i]), frame.down(series.y[i]));
    }
    text += fmt::format("<polyline points=\"{}\" stroke-dasharray=\"{}\"/>", points,
                        kDashes[index / kColours % std::size(kDashes)]);
    if (series.x.size() > kMostMarks) return;
    for (std::size_t i = begin; i < end; ++i) text += circle(frame, series, i, 3.5);
  });
  return text;
}

std::string cloud(const Frame& frame, const PlotSeries& series) {
  std::string text;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (finite(series, i)) text += circle(frame, series, i, 4.5) + "\n";
  }
  return text;
}

std::string diagonal(const Frame& frame) {
  const double low = std::max(frame.x.low, frame.y.low), high = std::min(frame.x.high, frame.y.high);
  if (low >= high) return {};
  return fmt::format("<line class=\"same\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                     frame.across(low), frame.down(low), frame.across(high), frame.down(high));
}

enum class Kind { kLines, kClouds };

std::string plot(std::span<const PlotSeries> series, const PlotAxes& axes, Kind kind) {
  check(series);
  Range x, y;
  for (const auto& one : series) {
    for (std::size_t i = 0; i < one.x.size(); ++i) {
      if (!finite(one, i)) continue;
      x.take(one.x[i]);
      y.take(one.y[i]);
      if (kind == Kind::kLines && !one.low.empty()) {
        y.take(one.low[i]);
        y.take(one.high[i]);
      }
    }
  }
  Frame frame{scale_of(x), scale_of(y)};
  const bool lines = kind == Kind::kLines;
  const std::string names = legend(series, lines, frame.top);
  std::string text = fmt::format("<svg class=\"plot\" viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">\n",
                                 kWidth, kHeight, html_text(axes.title));
  text += grid(frame) + labels(frame, axes) + names;
  if (!lines && axes.diagonal) text += diagonal(frame);
  for (std::size_t i = 0; i < series.size(); ++i) {
    text += fmt::format("<g class=\"person p{}{}\">{}</g>\n", i % kColours, lines ? "" : " cloud",
                        lines ? line(frame, series[i], i) : cloud(frame, series[i]));
  }
  return text + "</svg>\n";
}

}  // namespace

std::string line_plot(std::span<const PlotSeries> series, const PlotAxes& axes) {
  return plot(series, axes, Kind::kLines);
}

std::string scatter_plot(std::span<const PlotSeries> series, const PlotAxes& axes) {
  return plot(series, axes, Kind::kClouds);
}

}  // namespace paa::cli
