#include "svg_plot.h"

#include <limits>
#include <regex>
#include <string>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"

using Catch::Matchers::Contains;
using paa::cli::line_plot;
using paa::cli::PlotSeries;
using paa::cli::scatter_plot;

namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::vector<double> numbers_of(const std::string& text, const std::string& attribute) {
  std::vector<double> found;
  const std::regex pattern(attribute + "=\"([-0-9.]+)\"");
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    found.push_back(std::stod((*at)[1]));
  }
  return found;
}

}  // namespace

TEST_CASE("points stand where their numbers say") {
  const PlotSeries series{"a", {0, 1, 2}, {10, 20, 30}, {}, {}};
  const std::string plot = scatter_plot({&series, 1}, {"t", "x", "y"});
  const auto across = numbers_of(plot, "cx"), down = numbers_of(plot, "cy");
  REQUIRE(across.size() == 3);
  CHECK(across[1] - across[0] == Approx(across[2] - across[1]).margin(0.11));
  CHECK(across[1] > across[0]);
  CHECK(down[0] - down[1] == Approx(down[1] - down[2]).margin(0.11));
  CHECK(down[1] < down[0]);
}

TEST_CASE("a gap breaks the line and its band") {
  const PlotSeries series{"a", {0, 1, 2, 3, 4}, {1, 2, kGap, 2, 1}, {0, 1, kGap, 1, 0}, {2, 3, kGap, 3, 2}};
  const std::string plot = line_plot({&series, 1}, {"t", "x", "y"});
  CHECK(count_of(plot, "<polyline") == 2);
  CHECK(count_of(plot, "<polygon") == 2);
  CHECK(count_of(plot, "<circle") == 4);
  CHECK_THAT(plot, !Contains("nan"));
}

TEST_CASE("nothing to draw, one point and one value all give a plot with finite places") {
  const PlotSeries gap{"a", {kGap}, {1}, {}, {}}, point{"a", {3}, {5}, {}, {}}, flat{"a", {1, 2}, {0, 0}, {}, {}};
  for (const auto& series : {gap, point, flat}) {
    const std::string plot = line_plot({&series, 1}, {"t", "x", "y"});
    CHECK_THAT(plot, Contains("<rect") && !Contains("nan") && !Contains("inf"));
  }
  CHECK_THAT(line_plot({}, {}), Contains("</svg>"));
}

TEST_CASE("ticks are round numbers that cover the data") {
  const PlotSeries series{"a", {0, 2480}, {0.387, 0.431}, {}, {}};
  const std::string plot = line_plot({&series, 1}, {"t", "x", "y"});
  for (const char* tick : {">0<", ">500<", ">2500<", ">0.38<", ">0.39<", ">0.44<"}) CHECK_THAT(plot, Contains(tick));
}

TEST_CASE("several series are named, and no text becomes markup") {
  const std::string attack = "</svg><script>\"'&";
  PlotSeries series{attack, {0, 1}, {0, 1}, {}, {}, {attack, "b"}};
  const std::vector<PlotSeries> both{series, {"other", {0}, {0}, {}, {}}};
  const std::string plot = scatter_plot(both, {attack, attack, attack, true});
  CHECK(count_of(plot, "<script") == 0);
  CHECK(count_of(plot, "</svg>") == 1);
  CHECK_THAT(plot, Contains(">other<") && Contains("<title>") && Contains("class=\"same\""));
}

TEST_CASE("columns of different lengths are refused") {
  const PlotSeries series{"loss", {0, 1}, {0}, {}, {}};
  CHECK_THROWS_WITH(line_plot({&series, 1}, {}), Contains("\"loss\"") && Contains("different lengths"));
}
