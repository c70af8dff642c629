#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "paa/core/error.h"
#include "paa/eval/study_methods.h"

namespace paa::eval {
namespace {

constexpr double kPenalties[] = {0.01, 0.03, 0.1, 0.3, 1, 3};  // of the ridge, on features of unit length
constexpr int kFolds = 5;
constexpr double kStepSizes[] = {0.0003, 0.001, 0.003, 0.01};
constexpr int kSteps[] = {10, 30, 100};
constexpr std::size_t kValidationSupport = 25;
constexpr double kFirstDecay = 0.9, kSecondDecay = 0.999, kTiny = 1e-8;  // Adam's usual ones

struct Head {
  Eigen::VectorXd weights;
  double bias = 0;
};

struct Tuning {
  double step_size = 0.001;
  int steps = 30;
};

class FineTunedHead {
 public:
  FineTunedHead(const RatingTable& table, const FeatureRows& features) : scale_(table.scale) {
    standardise(table, features);
    train(table);
    choose_tuning(table);
  }

  std::vector<double> predict(std::span<const Rating> support, std::span<const std::uint32_t> photos) const {
    return predict(support, photos, tuning_);
  }

 private:
  void standardise(const RatingTable& table, const FeatureRows& features) {
    for (std::size_t i = 0; i < table.photos.size(); ++i) {
      if (table.photos[i].split == Split::kTrain) training_.push_back(static_cast<Eigen::Index>(i));
    }
    if (training_.size() < kFolds)
      throw Error(ErrorCode::kInvalidArgument, "a head needs training photos to be trained on");
    features_ = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
                    features.values.data(), static_cast<Eigen::Index>(features.rows()),
                    static_cast<Eigen::Index>(features.columns))
                    .cast<double>();
    const Eigen::RowVectorXd mean = features_(training_, Eigen::all).colwise().mean();
    features_.rowwise() -= mean;
    const Eigen::RowVectorXd deviation =
        (features_(training_, Eigen::all).colwise().squaredNorm() / static_cast<double>(training_.size()))
            .cwiseSqrt()
            .cwiseMax(1e-9);
    features_.array().rowwise() /= deviation.array() * std::sqrt(static_cast<double>(features_.cols()));
  }

  // Ridge regression of the mean ratings, in the dual form.
  Head ridge(const std::vector<Eigen::Index>& photos, const Eigen::VectorXd& targets, double penalty) const {
    const Eigen::MatrixXd x = features_(photos, Eigen::all);
    const double bias = targets.mean();
    Eigen::MatrixXd gram = x * x.transpose();
    gram.diagonal().array() += penalty;
    return {x.transpose() * gram.llt().solve((targets.array() - bias).matrix()), bias};
  }

  void train(const RatingTable& table) {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(features_.rows()), count = sum;
    for (const auto& rating : table.ratings) {
      if (table.people[rating.person].split != Split::kTrain) continue;
      sum[rating.photo] += static_cast<double>(rating.value);
      count[rating.photo] += 1;
    }
    std::erase_if(training_, [&](Eigen::Index photo) { return count[photo] == 0; });
    const Eigen::VectorXd means = sum.array() / count.array().max(1);
    double best = std::numeric_limits<double>::infinity();
    for (const double penalty : kPenalties) {
      const double error = error_out_of_fold(means, penalty);
      if (error >= best) continue;
      best = error;
      head_ = ridge(training_, means(training_), penalty);
    }
  }

  double error_out_of_fold(const Eigen::VectorXd& means, double penalty) const {
    double error = 0;
    for (int fold = 0; fold < kFolds; ++fold) {
      std::vector<Eigen::Index> known, asked;
      for (std::size_t i = 0; i < training_.size(); ++i) {
        (static_cast<int>(i % kFolds) == fold ? asked : known).push_back(training_[i]);
      }
      const Head head = ridge(known, means(known), penalty);
      const Eigen::MatrixXd x = features_(asked, Eigen::all);
      error += ((x * head.weights).array() + head.bias - means(asked).array()).square().sum();
    }
    return error;
  }

  Head tuned(std::span<const Rating> support, const Tuning& tuning) const {
    Head head = head_;
    if (support.empty()) return head;
    std::vector<Eigen::Index> photos;
    Eigen::VectorXd targets(static_cast<Eigen::Index>(support.size()));
    for (std::size_t i = 0; i < support.size(); ++i) {
      photos.push_back(support[i].photo);
      targets[static_cast<Eigen::Index>(i)] = static_cast<double>(support[i].value);
    }
    const Eigen::MatrixXd x = features_(photos, Eigen::all);
    const Eigen::Index n = head.weights.size();
    Eigen::ArrayXd first = Eigen::ArrayXd::Zero(n + 1), second = first, gradient(n + 1);
    for (int step = 1; step <= tuning.steps; ++step) {
      const Eigen::VectorXd error = ((x * head.weights).array() + head.bias).matrix() - targets;
      gradient.head(n) = (x.transpose() * error).array() * (2 / static_cast<double>(support.size()));
      gradient[n] = 2 * error.mean();
      first = kFirstDecay * first + (1 - kFirstDecay) * gradient;
      second = kSecondDecay * second + (1 - kSecondDecay) * gradient.square();
      const Eigen::ArrayXd move = tuning.step_size * (first / (1 - std::pow(kFirstDecay, step))) /
                                  ((second / (1 - std::pow(kSecondDecay, step))).sqrt() + kTiny);
      head.weights -= move.head(n).matrix();
      head.bias -= move[n];
    }
    return head;
  }

  std::vector<double> predict(std::span<const Rating> support, std::span<const std::uint32_t> photos,
                              const Tuning& tuning) const {
    const Head head = tuned(support, tuning);
    std::vector<double> predictions;
    for (const auto photo : photos) {
      predictions.push_back(std::clamp(features_.row(photo).dot(head.weights) + head.bias, scale_.low, scale_.high));
    }
    return predictions;
  }

  void choose_tuning(const RatingTable& table) {
    double best = std::numeric_limits<double>::infinity();
    for (const double step_size : kStepSizes) {
      for (const int steps : kSteps) {
        const double error = validation_error(table, {step_size, steps});
        if (error < best) best = error, tuning_ = {step_size, steps};
      }
    }
  }

  // Of validation people, who know some training photos and are asked about validation photos.
  double validation_error(const RatingTable& table, const Tuning& tuning) const {
    std::vector<std::vector<Rating>> known(table.people.size()), asked(table.people.size());
    for (const auto& rating : table.ratings) {
      if (table.people[rating.person].split != Split::kValidation) continue;
      const Split split = table.photos[rating.photo].split;
      if (split == Split::kTrain && known[rating.person].size() < kValidationSupport)
        known[rating.person].push_back(rating);
      if (split == Split::kValidation) asked[rating.person].push_back(rating);
    }
    double error = 0;
    for (std::size_t person = 0; person < asked.size(); ++person) {
      std::vector<std::uint32_t> photos;
      for (const auto& rating : asked[person]) photos.push_back(rating.photo);
      const auto predictions = predict(known[person], photos, tuning);
      for (std::size_t i = 0; i < photos.size(); ++i) {
        error += std::abs(predictions[i] - static_cast<double>(asked[person][i].value));
      }
    }
    return error;
  }

  RatingScale scale_;
  std::vector<Eigen::Index> training_;
  Eigen::MatrixXd features_;
  Head head_;
  Tuning tuning_;
};

}  // namespace

StudyMethod fine_tuned_method(const std::string& name, const RatingTable& table, const FeatureRows& features) {
  const auto head = std::make_shared<const FineTunedHead>(table, features);
  const auto predict = [head](std::uint32_t, std::span<const Rating> support, std::span<const std::uint32_t> photos) {
    return Predictions{head->predict(support, photos), {}};
  };
  return {name, predict, true, true};
}

}  // namespace paa::eval
