#pragma once
// The terms of the training loss, over the predictions of all processes.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softplus.h>

namespace paa {

/// Mean cross-entropy to soft targets. logits, targets: (B, L).
inline at::Tensor soft_cross_entropy(const at::Tensor& logits, const at::Tensor& targets) {
  return -(targets * at::log_softmax(logits, -1)).sum(-1).mean();
}

/// Expected level 0 .. L - 1 of distributions (B, L): (B).
inline at::Tensor expected_level(const at::Tensor& levels) {
  return (levels * at::arange(levels.size(1), levels.options())).sum(-1);
}

/// 1 - Pearson's correlation of predicted and wanted (B): 0 to 2. A batch without variance gives 1 and no gradient.
inline at::Tensor plcc_loss(const at::Tensor& predicted, const at::Tensor& wanted) {
  const at::Tensor x = predicted - predicted.mean(), y = wanted - wanted.mean();
  return 1 - (x * y).sum() / ((x * x).sum() * (y * y).sum() + 1e-12).sqrt();
}

/// Mean over all ordered pairs with wanted_i > wanted_j of their difference times log(1 + exp(predicted_j -
/// predicted_i)), divided by the mean difference. RankNet (Burges et al. 2005) with pairs weighted by how different
/// they are.
inline at::Tensor pairwise_loss(const at::Tensor& predicted, const at::Tensor& wanted) {
  const at::Tensor difference = (wanted.unsqueeze(1) - wanted.unsqueeze(0)).clamp_min(0);
  const at::Tensor wrong = at::softplus(predicted.unsqueeze(0) - predicted.unsqueeze(1));
  return (difference * wrong).sum() / difference.sum().clamp_min(1e-6);
}

}  // namespace paa
