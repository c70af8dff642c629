#pragma once
// Intervals of means over people: drawing people again and again says how much the mean owes to who took part.

#include <cstddef>
#include <cstdint>
#include <span>

namespace paa::eval {

/// A mean over people with its interval. NaN where it is not defined.
struct Interval {
  double mean = 0, low = 0, high = 0;
  std::size_t people = 0;  ///< that have the figure
};

/// How an interval is drawn.
struct BootstrapOptions {
  int resamples = 4000;      ///< at least 1
  double level = 0.95;       ///< in (0, 1)
  std::uint64_t seed = 0;
};

/// The percentile bootstrap (Efron 1979): the mean of `values`, one a person, and the central `level` of the means of
/// people drawn with replacement; between two resamples it is interpolated linearly, as numpy.quantile does. NaN values
/// are people without the figure: they are left out. Nobody left: all NaN; one person: low = high = mean. The draws
/// depend on the seed and the number of people alone. Thread-safe. Error: kInvalidArgument (options out of range).
Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options = {});

/// The same for the mean of a[i] - b[i]: both rows meet the same people in each resample. A person who lacks one of the
/// two figures is left out. Errors: also kInvalidArgument if lengths differ.
Interval bootstrap_difference(std::span<const double> a, std::span<const double> b,
                              const BootstrapOptions& options = {});

}  // namespace paa::eval
