#pragma once
// How much of what people's ratings vary by is owed to each group of features, by maximum likelihood.

#include <Eigen/Core>

#include <vector>

#include <functional>
#include "paa/core/progress.h"

namespace paa {

/// One person's ratings.
struct PersonRatings {
  std::vector<Eigen::Index> photos;
  Eigen::VectorXd ratings;
};

/// ratings ~ N(means coefficients, sum over i of variance_i components_i + noise I), person by person.
struct VarianceModel {
  std::vector<double> variances;  ///< one a component
  double noise = 1;               ///< variance
  Eigen::VectorXd coefficients;   ///< one a column of `means`
  double log_likelihood = 0;      ///< of all ratings, at these values
};

/// components: covariances (photos, photos) of the photos for variance 1; means: (photos, coefficients). Begins at
/// `model` and raises its likelihood step by step. `done`: called with the number of steps done. Error: kCancelled.
VarianceModel fit_variances(const std::vector<Eigen::MatrixXd>& components, const Eigen::MatrixXd& means,
                            const std::vector<PersonRatings>& people, VarianceModel model, int steps,
                            const Cancel* cancel = nullptr, const std::function<void(int)>& done = {});

}  // namespace paa
