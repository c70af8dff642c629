#pragma once
// A linear layer whose weights never change.

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linear.h>

#include <utility>

#include "paa/core/error.h"
#include "paa/nn/onednn.h"
#include "paa/nn/packed_product.h"

namespace paa::nn {

/// y = x W^T + b over const tensors. Gradients flow to x, never to W or b. const access is thread-safe.
class FrozenLinear {
 public:
  FrozenLinear() = default;
  /// weight: (out, in); bias: (out) or undefined, of the same type.
  explicit FrozenLinear(at::Tensor weight, at::Tensor bias = {}) : weight_{std::move(weight), {}, std::move(bias)} {}

  /// Gives the weight to oneDNN's own layout where that exists and drops the original: faster. With `gradients` it is held
  /// twice and gradients pass; without, they do not.
  void pack(bool gradients = false) {
    if (packed_ || !onednn::available(weight_.forward.scalar_type())) return;
    if (gradients) weight_.backward = onednn::pack_linear(weight_.forward.t().contiguous());
    weight_.forward = onednn::pack_linear(weight_.forward);
    packed_ = true;
  }

  /// x: (..., in) of the weight's type; gives (..., out). The layer must outlive the graph of a gradient.
  at::Tensor operator()(const at::Tensor& x) const {
    if (!packed_) return at::linear(x, weight_.forward, weight_.bias);
    if (!c10::GradMode::is_enabled() || !x.requires_grad()) return onednn::linear(x, weight_.forward, weight_.bias);
    if (!weight_.backward.defined()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "this packed frozen layer passes no gradient: load the decoder with gradients = true to train through it");
    }
    return PackedProduct::apply(x, &weight_);
  }

  /// Calls visit(tensor) for weight and bias, a packed weight laid out plainly again.
  template <class Visit>
  void for_each_weight(const Visit& visit) const {
    const auto plain = [](const at::Tensor& held) { return held.is_mkldnn() ? held.to_dense() : held; };
    visit(plain(weight_.forward));
    if (weight_.backward.defined()) visit(plain(weight_.backward));
    if (weight_.bias.defined()) visit(weight_.bias);
  }

 private:
  PackedWeight weight_;
  bool packed_ = false;
};

}  // namespace paa::nn
