#pragma once
// A linear layer whose weights never change.

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linear.h>

#include <utility>

#include "paa/core/error.h"
#include "paa/nn/onednn.h"

namespace paa::nn {

/// y = x W^T + b over const tensors. Gradients flow to x, never to W or b. const access is thread-safe.
class FrozenLinear {
 public:
  FrozenLinear() = default;
  /// weight: (out, in); bias: (out) or undefined, of the same type.
  explicit FrozenLinear(at::Tensor weight, at::Tensor bias = {}) : weight_(std::move(weight)), bias_(std::move(bias)) {}

  /// Gives the weight to oneDNN's own layout where that exists and drops the original: faster, but no gradient passes.
  void pack() {
    if (weight_.is_mkldnn() || !onednn::available(weight_.scalar_type())) return;
    weight_ = onednn::pack_linear(weight_);
  }

  /// x: (..., in) of the weight's type; gives (..., out). Error: kInvalidArgument where a packed layer is asked for a
  /// gradient.
  at::Tensor operator()(const at::Tensor& x) const {
    if (!weight_.is_mkldnn()) return at::linear(x, weight_, bias_);
    if (c10::GradMode::is_enabled() && x.requires_grad()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "this packed frozen layer passes no gradient: load the decoder with gradients = true to train through it");
    }
    return onednn::linear(x, weight_, bias_);
  }

  /// Calls visit(tensor) for weight and bias, a packed weight laid out plainly again.
  template <class Visit>
  void for_each_weight(const Visit& visit) const {
    visit(weight_.is_mkldnn() ? weight_.to_dense() : weight_);
    if (bias_.defined()) visit(bias_);
  }

 private:
  at::Tensor weight_, bias_;
};

}  // namespace paa::nn
