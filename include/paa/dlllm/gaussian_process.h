#pragma once
// Learns one person's ratings with a Gaussian process (Rasmussen & Williams 2006): FeatureFusion's linear model, and
// what bends.

#include <memory>
#include <span>
#include <vector>

#include "paa/dlllm/personal_predictor.h"
#include "paa/dlllm/population.h"

namespace paa {

/// f = the prior of Population + g, where g is smooth over photos: its covariance for two photos whose standardised
/// columns (all but the score) differ by d, root mean squared, is scale^2 exp(-d^2 / (2 length^2)) with
/// Population::gaussian_process. Verdicts enter as in FeatureFusion: stars exactly, choices and kept or rejected photos
/// by Laplace's approximation. With scale 0 it predicts what FeatureFusion does.
///
/// It has no online update and no explanation: g is no sum over columns. Costs n^2 columns to fit and n columns for
/// each photo to predict, n verdicts. Values come out the same for the same observations in the same order, on one
/// machine.
class GaussianProcess : public PersonalPredictor {
 public:
  /// Error: kInvalidArgument (a group without columns).
  explicit GaussianProcess(Population population);
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;
  ~GaussianProcess() override;

  /// The prior it was made with.
  const Population& population() const noexcept;

  void fit(const FeatureRows& photos, std::span<const Observation> observations) override;
  std::vector<Prediction> predict(const FeatureRows& photos) const override;

  /// Standard deviation of a rating about its mean for this person, points.
  double noise() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
