#pragma once
// The posterior of a Gaussian process under likelihoods that are not all Gaussian (Rasmussen & Williams 2006, ch. 3).

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <vector>

namespace paa {

/// What one observation says of the process's value v there.
struct LikelihoodTerm {
  enum class Kind {
    kValue,  ///< v + noise is `target`
    kAbove,  ///< v + noise is above 0 (probit)
  };
  Kind kind = Kind::kValue;
  double target = 0;
  double variance = 1;  ///< of the noise
};

/// Laplace's approximation, exact where all terms are kValue. `covariance`: the prior's, of the observed values.
class LaplacePosterior {
 public:
  /// No observation.
  LaplacePosterior() = default;
  /// covariance (n, n), prior_mean (n), one term each.
  LaplacePosterior(const Eigen::MatrixXd& covariance, const Eigen::VectorXd& prior_mean,
                   const std::vector<LikelihoodTerm>& terms);

  /// The weights alpha (n): the posterior mean anywhere is its prior mean plus alpha . its prior covariance with the
  /// observed values.
  const Eigen::VectorXd& weights() const noexcept { return weights_; }

  /// What the observations take from the prior covariance: for columns of prior covariances `a` (n, A) and `b` (n, B)
  /// of other values with the observed ones, the (A, B) matrix to subtract is whiten(a)^T whiten(b).
  Eigen::MatrixXd whiten(const Eigen::MatrixXd& a) const;

  /// How far the kValue terms lie from the prior, squared, in units of its spread: about as many as there are.
  double surprise() const noexcept { return surprise_; }

 private:
  Eigen::VectorXd weights_, root_precision_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  double surprise_ = 0;
};

}  // namespace paa
