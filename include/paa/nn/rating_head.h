#pragma once
// The read-out: a rating as the probabilities of five rating words at the suffix's last position.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <utility>

#include "paa/nn/rms_norm.h"

namespace paa::nn {

/// z = exp(log_temperature) * (RMSNorm(h) . rows) + bias; p = softmax(z) (contracts.md, "Read-out"). The words are those of
/// Q-Align (Wu et al. 2023), worst first; only their rows of the LM head are ever multiplied. Learns log_temperature and
/// bias; the rows are a frozen buffer. forward is thread-safe while nobody trains it.
class RatingHeadImpl : public torch::nn::Module {
 public:
  /// rows: (levels, D) float, each the head's row of a rating word times the final norm's weight.
  explicit RatingHeadImpl(at::Tensor rows) {
    log_temperature = register_parameter("log_temperature", at::zeros({1}));
    bias = register_parameter("bias", at::zeros({rows.size(0)}));
    this->rows = register_buffer("rows", std::move(rows));
  }

  /// hidden: (B, D) float, the residual stream after the last block at the read-out position. Gives logits (B, levels).
  at::Tensor forward(const at::Tensor& hidden) const {
    return at::linear(rms_norm(hidden, 1e-5), rows) * at::exp(log_temperature) + bias;
  }

  at::Tensor log_temperature, bias, rows;
};

TORCH_MODULE(RatingHead);

/// Mean and standard deviation of a rating on the scale lo..hi whose equally spaced levels have the probabilities
/// `levels` (B, L). Each (B).
struct RatingMoments {
  at::Tensor mean, spread;
};

/// levels: (B, L) float, L of at least 2, rows that sum to 1.
inline RatingMoments rating_moments(const at::Tensor& levels, double lo, double hi) {
  const at::Tensor values = at::arange(levels.size(1), levels.options()) * ((hi - lo) / static_cast<double>(levels.size(1) - 1)) + lo;
  const at::Tensor mean = (levels * values).sum(1);
  const at::Tensor variance = (levels * (values - mean.unsqueeze(1)).pow(2)).sum(1);
  return {mean, variance.clamp_min(0).sqrt()};
}

}  // namespace paa::nn
