#pragma once
// A product with a frozen weight in oneDNN's own layout, and the product that its gradient takes.

#include <ATen/core/Tensor.h>

#include <utility>

#include "paa/nn/onednn.h"

namespace paa::nn {

/// y = x W^T + b, dx = dy W, over a frozen weight that is packed for both and so held twice: faster than at::linear and its
/// backward (docs/benchmarks.md). Takes no part in autograd itself. const access is thread-safe.
class PackedProduct {
 public:
  PackedProduct() = default;
  /// weight: (out, in) of a type for which onednn::available() holds; bias: (out) or undefined, of the same type.
  PackedProduct(const at::Tensor& weight, at::Tensor bias)
      : forward_(onednn::pack_linear(weight)), backward_(onednn::pack_linear(weight.t().contiguous())), bias_(std::move(bias)) {}

  /// y of x (..., in): (..., out).
  at::Tensor forward(const at::Tensor& x) const { return onednn::linear(x, forward_, bias_); }

  /// dx of dy (..., out): (..., in).
  at::Tensor backward(const at::Tensor& slope) const { return onednn::linear(slope, backward_, {}); }

  /// Calls visit(tensor) for both weights, laid out plainly again, and the bias.
  template <class Visit>
  void for_each_weight(const Visit& visit) const {
    visit(forward_.to_dense());
    visit(backward_.to_dense());
    if (bias_.defined()) visit(bias_);
  }

 private:
  at::Tensor forward_, backward_, bias_;
};

}  // namespace paa::nn
