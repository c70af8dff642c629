#pragma once
// From predictions to figures: per person, averaged over people with intervals, pooled, and by photo.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/eval/bootstrap.h"
#include "paa/eval/metrics.h"
#include "paa/eval/protocol.h"

namespace paa::eval {

/// People with fewer query ratings have no SROCC, PLCC and tau of their own: with so few it is chance.
inline constexpr std::size_t kFewestRanked = 8;

/// One prediction for each query rating: the queries one after the other, each in its order. `spread` may be empty.
struct Predictions {
  std::vector<double> mean, spread;
};

/// A way to predict, done once or several times (draws of supports, shuffles); figures are means over the repeats.
struct Row {
  std::string name;
  int k = 0;  ///< ratings of the person it knows
  std::vector<Predictions> repeats;
};

/// A row's figures.
struct RowResult {
  std::string name;
  int k = 0;
  std::size_t repeats = 1;
  std::vector<Figures> people;             ///< in the order of the queries; what a person lacks is NaN
  std::array<Interval, kMetrics> mean{};   ///< over people, by Metric
  Figures pooled{};                        ///< over all ratings at once, whoever gave them
  double photo_srocc = 0;                  ///< mean prediction of each photo against its mean rating by these people

  /// The metric's mean over people with its interval.
  const Interval& operator[](Metric metric) const { return mean[static_cast<std::size_t>(metric)]; }
};

/// One row less another over the same people, by Metric.
struct Difference {
  std::string row, minus;
  int k = 0;
  std::array<Interval, kMetrics> mean{};

  /// The metric's mean difference over people with its interval.
  const Interval& operator[](Metric metric) const { return mean[static_cast<std::size_t>(metric)]; }
};

/// Whether a person's query allows a rank correlation: kFewestRanked ratings that are not all alike.
bool can_rank(const RatingTable& table, const PersonQuery& query);

/// The row's figures. Per person: those of the person's query, correlations NaN unless can_rank; averaged over the
/// repeats that have them. A row that predicts one value throughout has no correlations at all.
/// Errors: kInvalidArgument (no repeat, or not one prediction for each query rating). Thread-safe.
RowResult evaluate(const RatingTable& table, std::span<const PersonQuery> queries, const Row& row,
                   const BootstrapOptions& options = {});

/// Person by person, with the interval of the mean difference. Errors: kInvalidArgument if the rows are not of the same
/// people. Thread-safe.
Difference paired_difference(const RowResult& row, const RowResult& minus, const BootstrapOptions& options = {});

/// The noise ceiling: each person's first ratings as predictions of the second ones, over the table's retests. The
/// people are others than those of the queries. photo_srocc is NaN. Without retests: no people, all NaN.
RowResult evaluate_retests(const RatingTable& table, const BootstrapOptions& options = {});

}  // namespace paa::eval
