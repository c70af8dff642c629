#include "paa/dlllm/features.h"

namespace paa {

std::size_t FeatureLayout::columns() const { return begin(groups.size()); }

std::size_t FeatureLayout::begin(std::size_t group) const {
  std::size_t column = 0;
  for (std::size_t i = 0; i < group && i < groups.size(); ++i) column += groups[i].features.size();
  return column;
}

std::size_t FeatureLayout::find(std::string_view name) const {
  std::size_t group = 0;
  while (group < groups.size() && groups[group].name != name) ++group;
  return group;
}

}  // namespace paa
