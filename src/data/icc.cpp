#include "paa/data/icc.h"

#include <cstddef>
#include <vector>

namespace paa {

std::optional<double> icc1(const RatingTable& table) {
  std::vector<std::size_t> counts(table.photos.size());
  std::vector<double> means(table.photos.size());
  double total = 0;
  for (const Rating& rating : table.ratings) {
    ++counts[rating.photo];
    means[rating.photo] += rating.value;
    total += rating.value;
  }
  const auto ratings = static_cast<double>(table.ratings.size());
  const double mean = total / ratings;
  double photos = 0, squared_counts = 0, between = 0, within = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto count = static_cast<double>(counts[i]);
    means[i] /= count;
    photos += 1;
    squared_counts += count * count;
    between += count * (means[i] - mean) * (means[i] - mean);
  }
  if (photos < 2 || ratings <= photos) return std::nullopt;
  for (const Rating& rating : table.ratings) {
    const double off = rating.value - means[rating.photo];
    within += off * off;
  }
  const double mean_between = between / (photos - 1), mean_within = within / (ratings - photos);
  const double raters = (ratings - squared_counts / ratings) / (photos - 1);
  const double denominator = mean_between + (raters - 1) * mean_within;
  if (!(denominator > 0)) return std::nullopt;
  return (mean_between - mean_within) / denominator;
}

}  // namespace paa
