#include "variance_components.h"

#include <Eigen/Cholesky>

#include <cmath>
#include <numbers>

namespace paa {
namespace {

// A component that explains nothing approaches 0 and never needs to get there.
constexpr double kLeastVariance = 1e-8;

Eigen::MatrixXd of_photos(const Eigen::MatrixXd& component, const std::vector<Eigen::Index>& photos) {
  return component(photos, photos);
}

// Sums over people that one step needs.
struct Sums {
  explicit Sums(std::size_t components, Eigen::Index coefficients)
      : explained(components + 1, 0.0),
        expected(components + 1, 0.0),
        normal(Eigen::MatrixXd::Zero(coefficients, coefficients)),
        right(Eigen::VectorXd::Zero(coefficients)) {}

  std::vector<double> explained, expected;  // by component, the noise last
  Eigen::MatrixXd normal;
  Eigen::VectorXd right;
  double log_likelihood = 0;
};

void add_person(const std::vector<Eigen::MatrixXd>& components, const Eigen::MatrixXd& means,
                const PersonRatings& person, const VarianceModel& model, Sums& sums) {
  const Eigen::Index n = person.ratings.size();
  std::vector<Eigen::MatrixXd> own;
  Eigen::MatrixXd covariance = model.noise * Eigen::MatrixXd::Identity(n, n);
  for (std::size_t i = 0; i < components.size(); ++i) {
    own.push_back(of_photos(components[i], person.photos));
    covariance += model.variances[i] * own[i];
  }
  const Eigen::MatrixXd design = means(person.photos, Eigen::all);
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
  const Eigen::MatrixXd inverse = factor.solve(Eigen::MatrixXd::Identity(n, n));
  const Eigen::VectorXd residual = person.ratings - design * model.coefficients;
  const Eigen::VectorXd weights = inverse * residual;
  for (std::size_t i = 0; i < components.size(); ++i) {
    sums.explained[i] += weights.dot(own[i] * weights);
    sums.expected[i] += inverse.cwiseProduct(own[i]).sum();
  }
  sums.explained.back() += weights.squaredNorm();
  sums.expected.back() += inverse.trace();
  sums.normal += design.transpose() * inverse * design;
  sums.right += design.transpose() * inverse * person.ratings;
  sums.log_likelihood -= 0.5 * (residual.dot(weights) + static_cast<double>(n) * std::log(2 * std::numbers::pi)) +
                         factor.matrixLLT().diagonal().array().log().sum();
}

}  // namespace

VarianceModel fit_variances(const std::vector<Eigen::MatrixXd>& components, const Eigen::MatrixXd& means,
                            const std::vector<PersonRatings>& people, VarianceModel model, int steps,
                            const Cancel* cancel, const std::function<void(int)>& done) {
  for (int step = 0; step < steps; ++step) {
    Sums sums(components.size(), means.cols());
    for (const auto& person : people) {
      throw_if_cancelled(cancel);
      add_person(components, means, person, model, sums);
    }
    model.log_likelihood = sums.log_likelihood;
    // The last values are those whose likelihood is told.
    if (step + 1 < steps) {
      const auto next = [&](double variance, std::size_t i) {
        if (!(sums.expected[i] > 0)) return kLeastVariance;
        return std::max(kLeastVariance, variance * std::sqrt(sums.explained[i] / sums.expected[i]));
      };
      for (std::size_t i = 0; i < components.size(); ++i) model.variances[i] = next(model.variances[i], i);
      model.noise = next(model.noise, components.size());
      model.coefficients = sums.normal.ldlt().solve(sums.right);
    }
    if (done) done(step + 1);
  }
  return model;
}

}  // namespace paa
