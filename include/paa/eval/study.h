#pragma once
// The study of DL-LLM: ways to predict one person's ratings side by side, as more of the person's ratings are known.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "paa/core/json.h"
#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/eval/evaluation.h"
#include "paa/eval/protocol.h"

namespace paa::eval {

/// A way to predict: of the person (index into RatingTable::people), who has given `support`, the ratings of `photos`
/// (indices into RatingTable::photos), on the table's scale. `spread` of the result may be empty.
using StudyPredictor = std::function<Predictions(std::uint32_t person, std::span<const Rating> support,
                                                 std::span<const std::uint32_t> photos)>;

/// Which `k` of the person's ratings `pool` become known, in order, for predictions of `photos`: places in `pool`. The
/// values of the ratings must not be looked at before they are chosen.
using SupportChooser =
    std::function<std::vector<std::size_t>(std::span<const Rating> pool, std::span<const std::uint32_t> photos, int k)>;

/// A way to predict ratings, and what it may be asked.
struct StudyMethod {
  std::string name;
  StudyPredictor predict;
  bool learns = true;          ///< whether it looks at the support; one that does not is asked once, with k = 0
  bool knows_rank = true;      ///< whether it orders photos; one constant for all has no correlations
  int largest_support = -1;    ///< it is not asked with larger ones; -1: with all
  int draws = 0;               ///< of the supports it gets fewer than StudyOptions::draws; 0: all of them
  SupportChooser choose = {};  ///< of each draw's largest support; none: the first k of the draw
};

/// Sizes and number of supports, what is compared, and where the study is noted down.
struct StudyOptions {
  std::vector<int> k = {0, 1, 2, 5, 10, 25, 50, 100};  ///< sizes of the support, rising
  int draws = 10;                                      ///< supports of each person
  std::uint64_t seed = 0;                              ///< of supports and bootstraps
  int resamples = 4000;
  std::vector<std::pair<std::string, std::string>>
      compared;                    ///< names of methods: the first less the second, for each k both have
  std::filesystem::path log;       ///< what is done is noted here and not done again; empty: nothing is noted
  const Cancel* cancel = nullptr;  ///< looked at between people
  Progress progress;               ///< people and sizes done
};

/// One method with one size of the support.
struct StudyRow {
  std::string name;
  int k = 0;
  std::vector<Figures> people;  ///< in the order of StudyReport::people; means over draws; NaN where not defined
  std::array<Interval, kMetrics> mean{};  ///< over people
  std::vector<double>
      mae_by_level;  ///< by rating, from the scale's lowest whole number on; over all ratings of that level

  /// The metric's mean over people with its interval.
  const Interval& operator[](Metric metric) const { return mean[static_cast<std::size_t>(metric)]; }
};

/// A finished study. A plain value.
struct StudyReport {
  std::string set;
  RatingScale scale;
  StudyOptions options;
  std::vector<std::string> people;
  std::size_t ratings = 0, photos = 0, left_out = 0;  ///< of the query; people with too few ratings for the largest k
  std::vector<StudyRow> rows;
  std::vector<Difference> differences;
  std::optional<RowResult> retest;  ///< people's own second ratings, of other people
  /// The deviation of a person's rating about itself, from the retest: root of half the mean squared difference. A
  /// perfect predictor has this RMSE.
  std::optional<double> noise;

  /// The row of that method and k, or null.
  const StudyRow* find(const std::string& name, int k) const;
  /// An RMSE without the person's own noise: root of (rmse^2 - noise^2), 0 below it. NaN without a retest.
  double corrected_rmse(double rmse) const;
};

/// Runs every method on the table's test people and test photos: support from each person's other ratings, the same
/// supports for all methods, nested in k; each person's query is the same throughout. Interrupted, it goes on where
/// `log` ends; a log of other options or methods is begun anew. Errors: those of plan_k_shot and the methods; kIo (the
/// log); kCancelled.
StudyReport run_study(const RatingTable& table, std::span<const StudyMethod> methods, const StudyOptions& options = {});

/// All of it; what is undefined is null.
Json study_to_json(const StudyReport& report);

}  // namespace paa::eval
