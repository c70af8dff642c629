#include "paa/dlllm/features.h"

#include <fmt/format.h>

#include "catch.h"
#include "paa/dlllm/population.h"
#include "paa/image/composition.h"
#include "paa/image/statistics.h"

using paa::FeatureGroup;
using paa::FeatureLayout;

namespace {

// What LowLevelFeatures calls the columns of a group.
FeatureGroup group_of(const std::string& name, std::size_t columns) {
  if (name == "score") return {name, {"score"}};
  if (name == "statistics") return {name, {paa::kImageStatisticNames.begin(), paa::kImageStatisticNames.end()}};
  if (name == "composition")
    return {name, {paa::kCompositionStatisticNames.begin(), paa::kCompositionStatisticNames.end()}};
  FeatureGroup group{name, {}};
  for (std::size_t i = 0; i < columns; ++i) group.features.push_back(fmt::format("{} {}", name, i));
  return group;
}

}  // namespace

TEST_CASE("A layout finds its groups and their columns", "[features]") {
  const FeatureLayout layout = {{group_of("score", 1), group_of("pooled", 3), group_of("statistics", 6)}};
  CHECK(layout.columns() == 10);
  CHECK(layout.find("statistics") == 2);
  CHECK(layout.begin(2) == 4);
  CHECK(layout.find("smell") == 3);
}

TEST_CASE("Groups that a layout does not name have no part in its id", "[features]") {
  // Of populations fitted when there was no group "composition".
  CHECK(paa::layout_id({{group_of("score", 1), group_of("pooled", 1280), group_of("statistics", 6)}}) ==
        "f0118bc4876d");
  CHECK(paa::layout_id({{group_of("score", 1), group_of("pooled", 1280)}}) != "f0118bc4876d");
}

TEST_CASE("The shipped population goes with the features of today", "[features]") {
  const auto population = paa::read_population(std::filesystem::path(PAA_SHIPPED_MODELS) / "oasis-population.json");
  FeatureLayout layout = {{group_of("score", 1)}};
  for (const auto& group : population.groups) {
    if (group.name == paa::kConceptsGroup) continue;
    layout.groups.push_back(group_of(group.name, group.mean.size()));
    CHECK(layout.groups.back().features.size() == group.mean.size());
  }
  // What tells the concepts follows.
  CHECK(population.features.substr(0, population.features.find('-')) == paa::layout_id(layout));
}
