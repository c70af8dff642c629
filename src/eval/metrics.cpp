#include "paa/eval/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "paa/core/error.h"

namespace paa::eval {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

using Numbers = std::span<const double>;

void check_lengths(Numbers truth, Numbers prediction) {
  if (truth.size() == prediction.size()) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{} ratings were given with {} predictions; one for each is needed",
                                                       truth.size(), prediction.size()));
}

bool all_finite(Numbers values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

bool usable(Numbers truth, Numbers prediction) {
  check_lengths(truth, prediction);
  return !truth.empty() && all_finite(truth) && all_finite(prediction);
}

bool is_constant(Numbers values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

bool can_correlate(Numbers truth, Numbers prediction) {
  return usable(truth, prediction) && !is_constant(truth) && !is_constant(prediction);
}

double mean_of(Numbers values) {
  long double sum = 0;
  for (const double value : values) sum += value;
  return static_cast<double>(sum / static_cast<long double>(values.size()));
}

// In long double: summation must cost less than the 1e-12 that these functions promise.
double pearson(Numbers a, Numbers b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  long double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const long double x = a[i] - mean_a, y = b[i] - mean_b;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa == 0 || bb == 0) return kUndefined;
  return std::clamp(static_cast<double>(ab / (std::sqrt(aa) * std::sqrt(bb))), -1.0, 1.0);
}

template <class Term>
double mean_term(std::size_t count, const Term& term) {
  long double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += term(i);
  return static_cast<double>(sum / static_cast<long double>(count));
}

using Pair = std::pair<double, double>;

std::int64_t pairs_among(std::int64_t count) { return count * (count - 1) / 2; }

// Pairs of neighbours that `same` holds equal, in an order where equal ones are neighbours.
template <class Same>
std::int64_t tied_pairs(const std::vector<Pair>& sorted, const Same& same) {
  std::int64_t ties = 0, run = 1;
  for (std::size_t i = 1; i <= sorted.size(); ++i) {
    if (i < sorted.size() && same(sorted[i - 1], sorted[i])) {
      ++run;
    } else {
      ties += pairs_among(run);
      run = 1;
    }
  }
  return ties;
}

// Sorts by the second number and returns how many pairs stood in the wrong order: a merge sort that counts.
std::int64_t sort_by_second(std::span<Pair> pairs, std::span<Pair> room) {
  if (pairs.size() < 2) return 0;
  const std::size_t half = pairs.size() / 2;
  std::int64_t swaps = sort_by_second(pairs.first(half), room.first(half)) +
                       sort_by_second(pairs.subspan(half), room.subspan(half));
  std::size_t left = 0, right = half;
  for (auto& next : room) {
    if (right == pairs.size() || (left < half && pairs[left].second <= pairs[right].second)) {
      next = pairs[left++];
    } else {
      swaps += static_cast<std::int64_t>(half - left);
      next = pairs[right++];
    }
  }
  std::copy(room.begin(), room.end(), pairs.begin());
  return swaps;
}

bool usable_spread(Numbers truth, Numbers mean, Numbers spread) {
  check_lengths(truth, spread);
  return usable(truth, mean) && all_finite(spread) &&
         std::none_of(spread.begin(), spread.end(), [](double value) { return value < 0; });
}

double normal_density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }
double normal_below(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

}  // namespace

const std::array<const char*, kMetrics> kMetricNames = {"srocc",         "plcc",        "tau",         "mae",
                                                        "rmse",          "high_accuracy", "coverage_50", "coverage_80",
                                                        "coverage_95",   "crps"};

std::vector<double> average_ranks(Numbers values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
    begin = end;
  }
  return ranks;
}

double srocc(Numbers truth, Numbers prediction) {
  if (!can_correlate(truth, prediction)) return kUndefined;
  return pearson(average_ranks(truth), average_ranks(prediction));
}

double plcc(Numbers truth, Numbers prediction) {
  return can_correlate(truth, prediction) ? pearson(truth, prediction) : kUndefined;
}

double kendall_tau_b(Numbers truth, Numbers prediction) {
  if (!can_correlate(truth, prediction)) return kUndefined;
  std::vector<Pair> pairs(truth.size()), room(truth.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {truth[i], prediction[i]};
  std::sort(pairs.begin(), pairs.end());
  const std::int64_t all = pairs_among(static_cast<std::int64_t>(pairs.size()));
  const std::int64_t tied_first = tied_pairs(pairs, [](Pair a, Pair b) { return a.first == b.first; });
  const std::int64_t tied_both = tied_pairs(pairs, [](Pair a, Pair b) { return a == b; });
  const std::int64_t discordant = sort_by_second(pairs, room);
  const std::int64_t tied_second = tied_pairs(pairs, [](Pair a, Pair b) { return a.second == b.second; });
  const std::int64_t surplus = all - tied_first - tied_second + tied_both - 2 * discordant;
  const double tau = static_cast<double>(surplus) / std::sqrt(static_cast<double>(all - tied_first)) /
                     std::sqrt(static_cast<double>(all - tied_second));
  return std::clamp(tau, -1.0, 1.0);
}

double mae(Numbers truth, Numbers prediction) {
  if (!usable(truth, prediction)) return kUndefined;
  return mean_term(truth.size(), [&](std::size_t i) { return std::abs(truth[i] - prediction[i]); });
}

double rmse(Numbers truth, Numbers prediction) {
  if (!usable(truth, prediction)) return kUndefined;
  return std::sqrt(mean_term(truth.size(), [&](std::size_t i) {
    return (truth[i] - prediction[i]) * (truth[i] - prediction[i]);
  }));
}

double high_class_accuracy(Numbers truth, Numbers prediction, double middle) {
  if (!usable(truth, prediction)) return kUndefined;
  return mean_term(truth.size(), [&](std::size_t i) { return (truth[i] > middle) == (prediction[i] > middle) ? 1.0 : 0.0; });
}

double normal_quantile(double probability) {
  if (!(probability > 0 && probability < 1)) return kUndefined;
  if (probability > 0.5) return -normal_quantile(1 - probability);
  // Newton's steps in the logarithm, whose curve is concave: they come from below and never overshoot for long.
  double x = probability > 0.1 ? 0.0 : -std::sqrt(-2 * std::log(probability));
  for (int i = 0; i < 60; ++i) {
    const double below = normal_below(x);
    const double step = (std::log(below) - std::log(probability)) * below / normal_density(x);
    x -= step;
    if (std::abs(step) <= 1e-15 * std::max(1.0, std::abs(x))) break;
  }
  return x;
}

double coverage(Numbers truth, Numbers mean, Numbers spread, double level) {
  if (!usable_spread(truth, mean, spread)) return kUndefined;
  const double reach = normal_quantile((1 + level) / 2);
  return mean_term(truth.size(), [&](std::size_t i) {
    return std::abs(truth[i] - mean[i]) <= reach * spread[i] ? 1.0 : 0.0;
  });
}

double crps(Numbers truth, Numbers mean, Numbers spread) {
  if (!usable_spread(truth, mean, spread)) return kUndefined;
  return mean_term(truth.size(), [&](std::size_t i) {
    const double error = truth[i] - mean[i];
    if (spread[i] == 0) return std::abs(error);
    const double z = error / spread[i];
    return spread[i] * (z * (2 * normal_below(z) - 1) + 2 * normal_density(z) - std::numbers::inv_sqrtpi);
  });
}

Figures figures_of(Numbers truth, Numbers mean, Numbers spread, double middle) {
  Figures figures;
  figures.fill(kUndefined);
  figures[Metric::kSrocc] = srocc(truth, mean);
  figures[Metric::kPlcc] = plcc(truth, mean);
  figures[Metric::kTau] = kendall_tau_b(truth, mean);
  figures[Metric::kMae] = mae(truth, mean);
  figures[Metric::kRmse] = rmse(truth, mean);
  figures[Metric::kHighAccuracy] = high_class_accuracy(truth, mean, middle);
  if (spread.empty()) return figures;
  figures[Metric::kCoverage50] = coverage(truth, mean, spread, 0.5);
  figures[Metric::kCoverage80] = coverage(truth, mean, spread, 0.8);
  figures[Metric::kCoverage95] = coverage(truth, mean, spread, 0.95);
  figures[Metric::kCrps] = crps(truth, mean, spread);
  return figures;
}

}  // namespace paa::eval
