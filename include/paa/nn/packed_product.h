#pragma once
// A product with a frozen weight in oneDNN's own layout that passes gradients to its input.

#include <torch/csrc/autograd/custom_function.h>

#include "paa/nn/onednn.h"

namespace paa::nn {

/// A frozen weight W (out, in), packed for both products it takes part in, and its bias.
struct PackedWeight {
  at::Tensor forward, backward;  ///< W and W^T as of onednn::pack_linear(); backward undefined: no gradient is wanted
  at::Tensor bias;               ///< (out) or undefined
};

/// y = x W^T + b, dx = dy W: faster than at::linear and its backward (docs/benchmarks.md), with gradients within 1e-4
/// of its. The weight must outlive the graph.
class PackedProduct : public torch::autograd::Function<PackedProduct> {
 public:
  // The weight goes in by its address: it is no input of the graph, and its layout is none that autograd knows.
  /// What PackedProduct::apply() calls: x (..., in) float; gives (..., out).
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const PackedWeight* weight) {
    context->saved_data["backward"] = weight->backward;
    return onednn::linear(x, weight->forward, weight->bias);
  }

  /// What autograd calls: the gradient of x; none for the weight.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const at::Tensor weight = context->saved_data["backward"].toTensor();
    return {onednn::linear(gradients[0].contiguous(), weight, {}), {}};
  }
};

}  // namespace paa::nn
