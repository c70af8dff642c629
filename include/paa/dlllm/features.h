#pragma once
// Photos as rows of numbers for a per-person model: named groups of features, one row a photo.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paa {

/// Consecutive columns that share a prior scale: "pooled", "statistics", "concepts" ...
struct FeatureGroup {
  std::string name;
  std::vector<std::string> features;  ///< one a column: "brightness", "pooled 17"

  bool operator==(const FeatureGroup&) const = default;
};

/// What the columns of rows mean. A plain value.
struct FeatureLayout {
  std::vector<FeatureGroup> groups;

  /// Of all groups together: the length of a row.
  std::size_t columns() const;
  /// The first column of the group; groups.size() and an unknown name give nothing.
  std::size_t begin(std::size_t group) const;
  /// The group of that name, or groups.size().
  std::size_t find(std::string_view name) const;

  bool operator==(const FeatureLayout&) const = default;
};

/// 12 hex digits that tell the columns of low-level features: of groups and features by name, in their order.
std::string layout_id(const FeatureLayout& layout);

/// Rows side by side in memory. A plain value.
struct FeatureRows {
  std::size_t columns = 0;
  std::vector<float> values;  ///< row-major

  /// How many rows there are; 0 without columns.
  std::size_t rows() const noexcept { return columns == 0 ? 0 : values.size() / columns; }
  /// `i` < rows(); a view of `columns` values.
  std::span<const float> row(std::size_t i) const { return std::span(values).subspan(i * columns, columns); }
  /// `row`: `columns` values.
  void append(std::span<const float> row) { values.insert(values.end(), row.begin(), row.end()); }
};

/// The rows at these places, in that order, which exist. `places`: a range of integers.
template <class Places>
FeatureRows rows_at(const FeatureRows& rows, const Places& places) {
  FeatureRows some{rows.columns, {}};
  for (const auto place : places) some.append(rows.row(static_cast<std::size_t>(place)));
  return some;
}

/// All rows with these columns alone, in that order, which exist.
FeatureRows columns_at(const FeatureRows& rows, std::span<const std::size_t> columns);

}  // namespace paa
