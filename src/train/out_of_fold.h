#pragma once
// What a model would have predicted for photos had it not been trained on them, by a stand-in.

#include <Eigen/Core>

#include <cstdint>

namespace paa {

/// Ridge regression of `targets` (n) on features with the inner products `gram` (n, n), in ten folds drawn by `seed`:
/// for each photo the prediction of the regression that has not seen it. The strength is the one of a grid with the
/// least squared error out of fold. n is at least 20.
Eigen::VectorXd out_of_fold_ridge(const Eigen::MatrixXd& gram, const Eigen::VectorXd& targets, std::uint64_t seed);

}  // namespace paa
