#include "out_of_fold.h"

#include <Eigen/Cholesky>

#include <limits>
#include <vector>

#include "paa/core/random.h"

namespace paa {
namespace {

constexpr std::size_t kFolds = 10;
// Times the mean inner product of a photo with itself.
constexpr double kStrengths[] = {0.1, 0.3, 1, 3, 10, 30};

Eigen::VectorXd predict(const Eigen::MatrixXd& gram, const Eigen::VectorXd& targets, double strength,
                        const std::vector<Eigen::Index>& known, const std::vector<Eigen::Index>& asked) {
  const Eigen::VectorXd values = targets(known);
  const double mean = values.mean();
  Eigen::MatrixXd ridge = gram(known, known);
  ridge.diagonal().array() += strength;
  const Eigen::VectorXd weights = ridge.llt().solve((values.array() - mean).matrix());
  return (gram(asked, known) * weights).array() + mean;
}

Eigen::VectorXd predict_folds(const Eigen::MatrixXd& gram, const Eigen::VectorXd& targets, double strength,
                              const std::vector<std::size_t>& order) {
  Eigen::VectorXd result(targets.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<Eigen::Index> known, asked;
    for (std::size_t i = 0; i < order.size(); ++i) {
      (i % kFolds == fold ? asked : known).push_back(static_cast<Eigen::Index>(order[i]));
    }
    result(asked) = predict(gram, targets, strength, known, asked);
  }
  return result;
}

}  // namespace

Eigen::VectorXd out_of_fold_ridge(const Eigen::MatrixXd& gram, const Eigen::VectorXd& targets, std::uint64_t seed) {
  const auto order = Random(seed).permutation(static_cast<std::size_t>(targets.size()));
  Eigen::VectorXd best;
  double least = std::numeric_limits<double>::infinity();
  for (const double strength : kStrengths) {
    Eigen::VectorXd predictions = predict_folds(gram, targets, strength * gram.diagonal().mean(), order);
    const double error = (predictions - targets).squaredNorm();
    if (error >= least) continue;
    least = error;
    best = std::move(predictions);
  }
  return best;
}

}  // namespace paa
