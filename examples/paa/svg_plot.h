#pragma once
// Line and scatter plots as SVG that stands in an HTML page and needs nothing from elsewhere.

#include <span>
#include <string>
#include <vector>

namespace paa::cli {

/// One line or cloud. x and y have one length; a pair that is not finite is a gap. low and high, both of that length or
/// both empty, are a band around y (line_plot only). titles, of that length or empty, appear over a point on hovering.
struct PlotSeries {
  std::string name;
  std::vector<double> x, y, low, high;
  std::vector<std::string> titles = {};
};

/// Texts may be empty.
struct PlotAxes {
  std::string title, x_label, y_label;
  bool diagonal = false;  ///< the line y = x (scatter_plot only)
};

/// What the page's style sheet needs beside kGalleryStyle, whose colours the plots take.
inline constexpr const char* kPlotStyle = R"css(
.plot { display: block; width: 100%; max-width: 48rem; height: auto; font-size: 13px; }
.plot text { fill: var(--ink); } .plot .tick { fill: var(--quiet); } .plot .title { font-weight: 650; }
.plot .grid { stroke: var(--line); stroke-width: 1; } .plot .frame { stroke: var(--quiet); stroke-width: 1; fill: none; }
.plot .same { stroke: var(--quiet); stroke-dasharray: 4 4; }
.plot .person { color: var(--tone); }
.plot polyline { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.plot polygon { fill: currentColor; opacity: .15; }
.plot circle { fill: currentColor; } .plot .cloud circle { opacity: .65; }
)css";

/// The series as lines with their bands; points are marked where there are few, dashes tell apart what shares a colour.
/// An <svg> element, UTF-8, every text escaped; the same input gives the same bytes. Nothing finite to draw: empty axes.
/// Error: kInvalidArgument if lengths differ.
std::string line_plot(std::span<const PlotSeries> series, const PlotAxes& axes);

/// The series as clouds of points. Errors: those of line_plot.
std::string scatter_plot(std::span<const PlotSeries> series, const PlotAxes& axes);

}  // namespace paa::cli
