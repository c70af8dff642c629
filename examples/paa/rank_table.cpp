#include "rank_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "plain_line.h"

namespace paa::cli {
namespace {

constexpr std::size_t kColumn = 12;

}  // namespace

std::string rank_table(const Ranking& ranking) {
  std::string text = fmt::format("# scale {:g} to {:g}, model {} {}\n", ranking.model.scale_low,
                                 ranking.model.scale_high, ranking.model.name, ranking.model.hash);
  std::string columns = "rank";
  std::vector<std::size_t> widths;
  for (const auto& person : ranking.people) {
    const std::string name = plain_line(person.name);
    text += fmt::format("# {}: {}\n", name, plain_line(person.text));
    widths.push_back(std::max(kColumn, name.size()));
    columns += fmt::format("  {:>{}}", name, widths.back());
  }
  text += columns + "  photo\n";
  for (std::size_t rank = 0; rank < ranking.photos.size(); ++rank) {
    const ScoredPhoto& photo = ranking.photos[rank];
    text += fmt::format("{:>4}", rank + 1);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string score = fmt::format("{:.2f} ± {:.2f}", photo.scores[i].mean, photo.scores[i].spread);
      text += fmt::format("  {:>{}}", score, widths[i]);
    }
    text += fmt::format("  {}\n", plain_line(photo.path.string()));
  }
  return text;
}

}  // namespace paa::cli
