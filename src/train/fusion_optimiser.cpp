#include "fusion_optimiser.h"

#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>
#include <torch/nn/utils/clip_grad.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include "paa/core/error.h"

namespace paa {
namespace {

struct Group {
  double rate, decay;
};

Group group_of(const std::string& name, const TrainingConfig& config) {
  const std::string last = name.substr(name.rfind('.') + 1);
  if (last == "beta" || name.starts_with("readout.")) return {config.learning_rate.scalars, 0};
  if (name == "taste.output") return {config.learning_rate.main, 0};
  if (name.starts_with("taste.")) return {config.learning_rate.taste, config.weight_decay};
  if (last == "gate_profile") return {config.learning_rate.gate_profile, 0};
  if (last == "gate_bias") return {config.learning_rate.gate, 0};
  if (last.starts_with("gate_")) return {config.learning_rate.gate, config.weight_decay};
  return {config.learning_rate.main, config.weight_decay};
}

}  // namespace

FusionOptimiser::FusionOptimiser(NamedTensors parameters, const TrainingConfig& config, std::int64_t steps)
    : parameters_(std::move(parameters)), config_(config), steps_(steps) {
  std::map<std::pair<double, double>, std::vector<at::Tensor>> groups;
  for (const auto& [name, parameter] : parameters_) {
    const Group group = group_of(name, config);
    groups[{group.rate, group.decay}].push_back(parameter);
    average_.push_back(parameter.detach().clone());
  }
  std::vector<torch::optim::OptimizerParamGroup> described;
  for (const auto& [group, tensors] : groups) {
    rates_.push_back(group.first);
    described.emplace_back(tensors,
                           std::make_unique<torch::optim::AdamWOptions>(
                               torch::optim::AdamWOptions(group.first).betas({0.9, 0.98}).weight_decay(group.second)));
  }
  adamw_ = std::make_unique<torch::optim::AdamW>(described);
}

double FusionOptimiser::schedule(std::int64_t step) const {
  const double done = static_cast<double>(step) / static_cast<double>(steps_);
  const double warm =
      config_.warmup_steps == 0 ? 1 : std::min(1.0, static_cast<double>(step + 1) / config_.warmup_steps);
  return warm * (0.5 + 0.5 * std::cos(std::numbers::pi * done));
}

double FusionOptimiser::step(std::int64_t step) {
  std::vector<at::Tensor> tensors;
  for (const auto& [name, parameter] : parameters_) tensors.push_back(parameter);
  const double norm = torch::nn::utils::clip_grad_norm_(tensors, config_.clip);
  if (!std::isfinite(norm)) return norm;
  const double factor = schedule(step);
  for (std::size_t i = 0; i < rates_.size(); ++i) adamw_->param_groups()[i].options().set_lr(rates_[i] * factor);
  adamw_->step();
  taken_ = step + 1;
  const c10::NoGradGuard no_grad;
  const double kept = std::min(config_.ema, static_cast<double>(step + 2) / static_cast<double>(step + 11));
  for (std::size_t i = 0; i < parameters_.size(); ++i) average_[i].lerp_(parameters_[i].second, 1 - kept);
  return norm;
}

torch::optim::AdamWParamState& FusionOptimiser::moments(const at::Tensor& parameter) const {
  return static_cast<torch::optim::AdamWParamState&>(*adamw_->state().at(parameter.unsafeGetTensorImpl()));
}

void FusionOptimiser::create_moments(const at::Tensor& parameter) const {
  auto state = std::make_unique<torch::optim::AdamWParamState>();
  state->exp_avg(at::zeros_like(parameter));
  state->exp_avg_sq(at::zeros_like(parameter));
  adamw_->state()[parameter.unsafeGetTensorImpl()] = std::move(state);
}

NamedTensors FusionOptimiser::state() const {
  NamedTensors tensors;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [name, parameter] = parameters_[i];
    tensors.emplace_back("average." + name, average_[i]);
    if (taken_ == 0) continue;
    tensors.emplace_back("moment." + name, moments(parameter).exp_avg());
    tensors.emplace_back("square." + name, moments(parameter).exp_avg_sq());
  }
  return tensors;
}

}  // namespace paa
