#pragma once
// Inner products of many rows, as quickly as the processor at hand can.

#include <Eigen/Core>

namespace paa {

using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using FloatRowsView = Eigen::Ref<const FloatRows, 0, Eigen::OuterStride<>>;

/// a b^T, (a.rows(), b.rows()). Sums are of floats in lanes; none depends on what other rows there are, and all may
/// differ in the last digits from one kind of processor to the next.
Eigen::MatrixXd inner_products(const FloatRowsView& a, const FloatRowsView& b);

/// a a^T: half the work, the same values.
Eigen::MatrixXd inner_products(const FloatRowsView& a);

}  // namespace paa
