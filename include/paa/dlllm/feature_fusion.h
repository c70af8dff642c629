#pragma once
// DL-LLM's integrator: joins high-level and low-level features into one person's ratings, beginning from other
// people's. After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available). Modelled
// on empirical Bayes for related regressions (Lindley & Smith 1972), the dual form of Bayesian linear regression
// (Rasmussen & Williams 2006, eq. 2.12) and Laplace's approximation for choices (ibid., ch. 3).

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "paa/dlllm/personal_predictor.h"
#include "paa/dlllm/population.h"

namespace paa {

/// Columns of the rows that per-person models read: P-MLLM's score for this person (with the profile, if there is one;
/// on the population's scale), then the columns of Population::groups, in their order.
std::size_t population_columns(const Population& population);

/// What one column adds to a prediction.
struct Contribution {
  std::size_t group = 0;   ///< index into Population::groups; groups.size() stands for the score
  std::size_t column = 0;  ///< within the group
  double value = 0;        ///< of the photo, in standard deviations from a typical photo
  double points = 0;       ///< of the rating
};

/// A predicted rating, taken apart: `usual` and the points of all parts sum to `mean`.
struct Explanation {
  double mean = 0;                  ///< the prediction before it is cut to the ends of the scale
  double usual = 0;                 ///< what this person is expected to give to a typical photo
  std::vector<Contribution> parts;  ///< one a column
};

/// The per-person Bayesian linear model of Population. All kinds of verdicts enter one likelihood: stars as value +
/// noise; one photo over another as the sign of the difference + noise; keep or reject as the side of the person's own
/// threshold, counted from what is usual for the person. With stars alone the posterior is exact; the spread then
/// follows a Student-t process (Shah, Wilson & Ghahramani 2014), cut off at its variance.
///
/// Costs n^2 columns for n verdicts, whatever their number of columns. Values come out the same for the same
/// observations in the same order, on one machine.
class FeatureFusion : public PersonalPredictor {
 public:
  /// Error: kInvalidArgument (a group without columns).
  explicit FeatureFusion(Population population);
  FeatureFusion(FeatureFusion&&) noexcept;
  FeatureFusion& operator=(FeatureFusion&&) noexcept;
  ~FeatureFusion() override;

  /// The prior it was made with.
  const Population& population() const noexcept;

  void fit(const FeatureRows& photos, std::span<const Observation> observations) override;
  /// One more verdict; the indices are of `photos` (one or two rows). The same as fitting anew with it at the end.
  void add(const FeatureRows& photos, const Observation& observation);
  /// Verdicts learned from.
  std::size_t observations() const noexcept;

  std::vector<Prediction> predict(const FeatureRows& photos) const override;
  /// The means alone, before they are cut to the scale: much quicker for thousands of photos. Same errors as predict.
  std::vector<double> means(const FeatureRows& photos) const;

  /// `row`: population_columns(). Errors: as predict.
  Explanation explain(std::span<const float> row) const;

  /// Covariances, points squared, of this person's mean ratings of photos: (a.rows(), b.rows()), row-major. Errors: as
  /// predict.
  std::vector<double> covariance(const FeatureRows& a, const FeatureRows& b) const;
  /// Standard deviation of a rating about its mean for this person, points.
  double noise() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A rating with this mean and spread as a Score: the mean cut to the scale, and the probabilities of five equal levels
/// that a normal distribution gives. `spread` above 0.
Score rating_score(double mean, double spread, double low, double high);

}  // namespace paa
