#include "report_page.h"

#include <fmt/format.h>

#include "gallery_style.h"
#include "html_text.h"
#include "paa/core/version.h"
#include "svg_plot.h"

namespace paa::cli {
namespace {

constexpr const char* kReportStyle = R"css(
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1rem;
  overflow-x: auto; overflow-wrap: normal; }
.card + .card { margin-top: 1rem; }
.card table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.card caption { text-align: left; font-weight: 650; padding-bottom: .5rem; }
.card th, .card td { padding: .3rem .7rem; text-align: right; border-top: 1px solid var(--line); font-weight: 400; }
.card thead th { color: var(--quiet); border-top: 0; }
.card tbody th { text-align: left; padding-left: 0; } .note h3 { margin-top: 0; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem;
  margin-top: 1rem; }
.plots .card { margin: 0; } .plots + .card { margin-top: 1rem; }
.notes { margin: .6rem 0 1rem; padding-left: 1.2rem; color: var(--quiet); font-size: .9375rem; }
)css";

}  // namespace

std::string report_head(const std::string& title) {
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="paa {}">
<title>{}</title>
<style>{}{}{}</style>
</head>
)",
                     version(), title, kGalleryStyle, kPlotStyle, kReportStyle);
}

std::string table_html(const TextTable& table) {
  std::string text = fmt::format(
      "<div class=\"card\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table>\n"
      "<caption>{0}</caption>\n<thead><tr>",
      html_text(table.title));
  for (const auto& column : table.columns) text += fmt::format("<th scope=\"col\">{}</th>", html_text(column));
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    text += fmt::format("<tr><th scope=\"row\">{}</th>", html_text(row.front()));
    for (std::size_t i = 1; i < row.size(); ++i) text += fmt::format("<td>{}</td>", html_text(row[i]));
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table></div>\n";
}

std::string cards(const std::vector<std::string>& plots) {
  std::string text;
  for (const auto& plot : plots) text += "<div class=\"card\">" + plot + "</div>\n";
  return "<div class=\"plots\">\n" + text + "</div>\n";
}

std::string report_foot() {
  return fmt::format("<footer>Made by paa {}.</footer>\n</main>\n</body>\n</html>\n", version());
}

}  // namespace paa::cli
