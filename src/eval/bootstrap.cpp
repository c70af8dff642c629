#include "paa/eval/bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "paa/core/error.h"
#include "paa/core/random.h"

namespace paa::eval {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

void check(const BootstrapOptions& options) {
  if (options.resamples >= 1 && options.level > 0 && options.level < 1) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("a bootstrap of {} resamples at the level {} cannot be drawn; it needs one resample and a level "
                          "between 0 and 1",
                          options.resamples, options.level));
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

Interval interval_of(const std::vector<double>& values, const BootstrapOptions& options) {
  check(options);
  if (values.empty()) return {kUndefined, kUndefined, kUndefined, 0};
  const double mean = mean_of(values);
  if (values.size() == 1) return {mean, mean, mean, 1};
  Random random(options.seed);
  std::vector<double> means(static_cast<std::size_t>(options.resamples));
  for (double& resampled : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    resampled = sum / static_cast<double>(values.size());
  }
  std::sort(means.begin(), means.end());
  const double tail = (1 - options.level) / 2;
  return {mean, quantile(means, tail), quantile(means, 1 - tail), values.size()};
}

}  // namespace

Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options) {
  std::vector<double> present;
  for (const double value : values) {
    if (!std::isnan(value)) present.push_back(value);
  }
  return interval_of(present, options);
}

Interval bootstrap_difference(std::span<const double> a, std::span<const double> b, const BootstrapOptions& options) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} and {} figures cannot be paired; both rows need the same people", a.size(), b.size()));
  }
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
  return bootstrap_mean(differences, options);
}

}  // namespace paa::eval
