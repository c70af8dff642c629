#include "paa/dlllm/features.h"

#include "paa/core/sha256.h"

namespace paa {
namespace {

// Raised whenever the same photo may give other values: it is part of every id.
constexpr const char* kFeaturesVersion = "1";

}  // namespace

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

FeatureRows columns_at(const FeatureRows& rows, std::span<const std::size_t> columns) {
  FeatureRows part{columns.size(), {}};
  part.values.reserve(rows.rows() * columns.size());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto row = rows.row(i);
    for (const auto column : columns) part.values.push_back(row[column]);
  }
  return part;
}

std::string layout_id(const FeatureLayout& layout) {
  Sha256 hash;
  hash.update(kFeaturesVersion);
  for (const auto& group : layout.groups) {
    for (const auto& feature : group.features) hash.update(group.name).update("\n").update(feature).update("\n");
  }
  return hash.hex().substr(0, 12);
}

}  // namespace paa
