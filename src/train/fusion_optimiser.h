#pragma once
// AdamW over the parameters of fusion modules, with a rate for each kind, and the running average of the weights.

#include <ATen/core/Tensor.h>
#include <torch/optim/adamw.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "paa/train/training_config.h"
#include "pmllm/load_fusion.h"

namespace paa {

/// AdamW (Loshchilov & Hutter 2019), betas .9 and .98, a linear warm-up and a cosine to zero. Not thread-safe.
class FusionOptimiser {
 public:
  FusionOptimiser(NamedTensors parameters, const TrainingConfig& config, std::int64_t steps);

  /// The factor of all rates in step `step` of 0 .. steps - 1.
  double schedule(std::int64_t step) const;

  /// Clips the gradients to config.clip, takes one step and updates the average. Returns the norm before clipping.
  double step(std::int64_t step);

  /// Steps taken so far.
  std::int64_t taken() const { return taken_; }

  const NamedTensors& parameters() const { return parameters_; }
  /// The averaged weights, in the order of parameters().
  const std::vector<at::Tensor>& average() const { return average_; }

  /// Everything that a later step depends on but the parameters: moments and averages by name.
  NamedTensors state() const;
  /// Takes what state() gave after `steps` steps; `tensors` finds one by its name.
  template <class Find>
  void restore(const Find& find, std::int64_t steps);

 private:
  torch::optim::AdamWParamState& moments(const at::Tensor& parameter) const;
  void create_moments(const at::Tensor& parameter) const;

  NamedTensors parameters_;
  std::vector<at::Tensor> average_;
  std::unique_ptr<torch::optim::AdamW> adamw_;
  std::vector<double> rates_;  // by parameter group
  TrainingConfig config_;
  std::int64_t steps_, taken_ = 0;
};

template <class Find>
void FusionOptimiser::restore(const Find& find, std::int64_t steps) {
  const c10::NoGradGuard no_grad;
  taken_ = steps;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [name, parameter] = parameters_[i];
    average_[i].copy_(find("average." + name));
    if (steps == 0) continue;
    create_moments(parameter);
    auto& state = moments(parameter);
    state.step(steps);
    state.exp_avg().copy_(find("moment." + name));
    state.exp_avg_sq().copy_(find("square." + name));
  }
}

}  // namespace paa
