#pragma once
// How well predictions follow ratings: order, distance, class and calibration.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace paa::eval {

/// The figures of a set of predictions. kSrocc to kTau: 1 is best; kMae, kRmse and kCrps: 0 is best, in the scale's
/// units; kHighAccuracy and the coverages are shares.
enum class Metric { kSrocc, kPlcc, kTau, kMae, kRmse, kHighAccuracy, kCoverage50, kCoverage80, kCoverage95, kCrps };
inline constexpr std::size_t kMetrics = 10;
/// Names for columns and JSON: "srocc", "plcc", "tau", "mae", "rmse", "high_accuracy", "coverage_50" ...
extern const std::array<const char*, kMetrics> kMetricNames;

/// One number for each Metric; NaN where it is not defined.
struct Figures : std::array<double, kMetrics> {
  /// The metric's number.
  double& operator[](Metric metric) { return std::array<double, kMetrics>::operator[](static_cast<std::size_t>(metric)); }
  double operator[](Metric metric) const {
    return std::array<double, kMetrics>::operator[](static_cast<std::size_t>(metric));
  }
};

// All functions: spans of one length (else Error kInvalidArgument); NaN if a number is NaN or infinite, or if there is
// none. The correlations are NaN also for fewer than two pairs and where one side is constant. Thread-safe.

/// Ranks from 1; equal values share the mean of their places. Values must not be NaN.
std::vector<double> average_ranks(std::span<const double> values);

/// Spearman's rank correlation: Pearson's of the average ranks.
double srocc(std::span<const double> truth, std::span<const double> prediction);

/// Pearson's linear correlation.
double plcc(std::span<const double> truth, std::span<const double> prediction);

/// Kendall's tau-b, which corrects for ties on both sides, in O(n log n) (Knight 1966).
double kendall_tau_b(std::span<const double> truth, std::span<const double> prediction);

/// Mean absolute error.
double mae(std::span<const double> truth, std::span<const double> prediction);

/// Root of the mean squared error.
double rmse(std::span<const double> truth, std::span<const double> prediction);

/// Share of pairs of one class, where high is above `middle` and all else, `middle` too, is not high (the rule commonly
/// used on AVA, whose scores above 5 are high).
double high_class_accuracy(std::span<const double> truth, std::span<const double> prediction, double middle);

/// Share of truths inside the central interval of probability `level` (0 to 1, ends excluded) of
/// Normal(mean, spread); the interval's ends count. Calibrated predictions give `level`. NaN for a negative spread.
double coverage(std::span<const double> truth, std::span<const double> mean, std::span<const double> spread,
                double level);

/// Mean continuous ranked probability score of Normal(mean, spread) (Gneiting & Raftery 2007, eq. 21); for spread 0 it
/// is the absolute error. NaN for a negative spread.
double crps(std::span<const double> truth, std::span<const double> mean, std::span<const double> spread);

/// The quantile of the standard normal distribution, to 1e-12 relative; `probability` in (0, 1), else NaN.
double normal_quantile(double probability);

/// All of the above. `spread` empty: coverage and CRPS are NaN. `middle`: of the rating scale.
Figures figures_of(std::span<const double> truth, std::span<const double> mean, std::span<const double> spread,
                   double middle);

}  // namespace paa::eval
