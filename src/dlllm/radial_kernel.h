#pragma once
// The non-linear covariance of photos: near ones are rated alike.

#include <Eigen/Core>

namespace paa {

/// exp(-d^2 / (2 length^2)) (Rasmussen & Williams 2006, eq. 4.9) with d^2 = rows_i + columns_j - 2 inner_ij: `inner`
/// holds inner products of standardised columns, a mean over columns; `rows` and `columns` those of each photo with
/// itself.
inline Eigen::MatrixXd radial_kernel(const Eigen::MatrixXd& inner, const Eigen::VectorXd& rows,
                                     const Eigen::VectorXd& columns, double length) {
  Eigen::ArrayXXd squares = -2 * inner.array();
  squares.colwise() += rows.array();
  squares.rowwise() += columns.array().transpose();
  return (squares.max(0) / (-2 * length * length)).exp().matrix();
}

}  // namespace paa
