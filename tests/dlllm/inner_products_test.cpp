#include "inner_products.h"

#include <random>

#include "catch.h"

using paa::FloatRows;

namespace {

FloatRows rows(Eigen::Index count, Eigen::Index columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  return FloatRows::NullaryExpr(count, columns, [&] { return normal(random); });
}

Eigen::MatrixXd exact(const FloatRows& a, const FloatRows& b) {
  return a.cast<double>() * b.cast<double>().transpose();
}

// Of numbers about 1: a row's product with itself is about the number of columns.
void check_near(const Eigen::MatrixXd& found, const Eigen::MatrixXd& expected, Eigen::Index columns) {
  REQUIRE(found.rows() == expected.rows());
  REQUIRE(found.cols() == expected.cols());
  if (found.size() > 0) CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-6 * static_cast<double>(1 + columns));
}

}  // namespace

TEST_CASE("Inner products are those of double numbers, for any shape", "[inner_products]") {
  for (const Eigen::Index columns : {0, 1, 3, 4, 7, 8, 16, 17, 31, 64, 1301}) {
    for (const Eigen::Index tall : {0, 1, 2, 3, 4, 5, 8, 9, 101}) {
      for (const Eigen::Index wide : {0, 1, 2, 3, 4, 6, 7, 50}) {
        INFO(tall << " x " << columns << " and " << wide);
        const FloatRows a = rows(tall, columns, 1), b = rows(wide, columns, 2);
        check_near(paa::inner_products(a, b), exact(a, b), columns);
      }
      const FloatRows a = rows(tall, columns, 3);
      const Eigen::MatrixXd own = paa::inner_products(a);
      check_near(own, exact(a, a), columns);
      CHECK(own == own.transpose());
    }
  }
}

TEST_CASE("An inner product does not depend on the other rows", "[inner_products]") {
  const FloatRows a = rows(23, 1301, 4), b = rows(9, 1301, 5);
  const Eigen::MatrixXd all = paa::inner_products(a, b), own = paa::inner_products(a);
  CHECK(paa::inner_products(a.middleRows(3, 7), b.bottomRows(5)) == all.block(3, 4, 7, 5));
  CHECK(paa::inner_products(a.topRows(11)) == own.topLeftCorner(11, 11));
  CHECK(paa::inner_products(a, a) == own);
  // Joined with a single row, as a person's weights are.
  CHECK(paa::inner_products(a, b.row(2)) == all.col(2));
}
