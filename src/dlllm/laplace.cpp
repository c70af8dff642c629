#include "laplace.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace paa {
namespace {

// Newton's steps on a log-concave posterior: a dozen suffice, more mean rounding.
constexpr int kMostSteps = 50;
constexpr double kConverged = 1e-9;

struct Derivatives {
  double value = 0, slope = 0, curvature = 0;  // of the log likelihood; the curvature with its sign turned
};

// phi(z) / Phi(z), also where Phi underflows.
double hazard(double z) {
  if (z < -30) return -z;  // the first term of the asymptotic series; the next one is below a thousandth of it
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
  return density / (0.5 * std::erfc(-z / std::numbers::sqrt2));
}

double log_probability(double z) {
  if (z < -30) return -0.5 * z * z - std::log(-z) - 0.5 * std::log(2 * std::numbers::pi);
  return std::log(0.5 * std::erfc(-z / std::numbers::sqrt2));
}

Derivatives derivatives(const LikelihoodTerm& term, double value) {
  if (term.kind == LikelihoodTerm::Kind::kValue) {
    const double off = term.target - value;
    return {-0.5 * off * off / term.variance, off / term.variance, 1 / term.variance};
  }
  const double deviation = std::sqrt(term.variance);
  const double z = value / deviation;
  const double ratio = hazard(z);
  return {log_probability(z), ratio / deviation, std::max(ratio * (ratio + z), 1e-12) / term.variance};
}

}  // namespace

LaplacePosterior::LaplacePosterior(const Eigen::MatrixXd& covariance, const Eigen::VectorXd& prior_mean,
                                   const std::vector<LikelihoodTerm>& terms) {
  const Eigen::Index n = prior_mean.size();
  Eigen::VectorXd moved = Eigen::VectorXd::Zero(n);  // value less prior mean
  Eigen::VectorXd slope(n), precision(n);
  weights_ = Eigen::VectorXd::Zero(n);
  const auto look = [&](const Eigen::VectorXd& weights, const Eigen::VectorXd& at) {
    double objective = -0.5 * weights.dot(at);
    for (Eigen::Index i = 0; i < n; ++i) {
      const Derivatives d = derivatives(terms[static_cast<std::size_t>(i)], prior_mean[i] + at[i]);
      objective += d.value;
      slope[i] = d.slope;
      precision[i] = d.curvature;
    }
    return objective;
  };
  const auto factorise = [&] {
    root_precision_ = precision.cwiseSqrt();
    Eigen::MatrixXd b = root_precision_.asDiagonal() * covariance * root_precision_.asDiagonal();
    b.diagonal().array() += 1;
    factor_.compute(b);
  };
  // A quadratic posterior has its mode one full step away, and the same curvature there.
  const bool quadratic = std::all_of(terms.begin(), terms.end(),
                                     [](const auto& term) { return term.kind == LikelihoodTerm::Kind::kValue; });
  double objective = look(weights_, moved);
  for (int step = 0; step < kMostSteps; ++step) {
    factorise();
    const Eigen::VectorXd right = precision.cwiseProduct(moved) + slope;
    const Eigen::VectorXd inner = root_precision_.cwiseProduct(covariance * right);
    const Eigen::VectorXd target = right - root_precision_.cwiseProduct(factor_.solve(inner));
    if (quadratic) {
      weights_ = target;
      break;
    }
    // A full step may overshoot where the likelihood is flat; a shorter one in its direction always gains.
    const Eigen::VectorXd before = weights_, direction = target - before;
    const double earlier = objective;
    double length = 1;
    do {
      weights_ = before + length * direction;
      moved = covariance * weights_;
      objective = look(weights_, moved);
      length /= 2;
    } while (objective < earlier - kConverged && length > 1e-6);
    if (std::abs(objective - earlier) < kConverged) break;
  }
  if (!quadratic) factorise();
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& term = terms[static_cast<std::size_t>(i)];
    if (term.kind == LikelihoodTerm::Kind::kValue) surprise_ += weights_[i] * (term.target - prior_mean[i]);
  }
}

Eigen::MatrixXd LaplacePosterior::whiten(const Eigen::MatrixXd& a) const {
  return factor_.matrixL().solve(root_precision_.asDiagonal() * a);
}

}  // namespace paa
