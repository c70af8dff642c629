#pragma once
// Root mean square layer normalisation (Zhang & Sennrich 2019).

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/rsqrt.h>

#include <cmath>

namespace paa::nn {

/// The root mean square over the last axis, which stays with size 1. x: (..., D) float.
inline at::Tensor root_mean_square(const at::Tensor& x) {
  return at::linalg_vector_norm(x, 2, at::IntArrayRef{-1}, /*keepdim=*/true) / std::sqrt(static_cast<double>(x.size(-1)));
}

/// x / sqrt(mean(x^2) + epsilon) over the last axis, without a weight. x: (..., D) float; same shape back. Differentiable.
inline at::Tensor rms_norm(const at::Tensor& x, double epsilon) {
  const at::Tensor rms = root_mean_square(x);
  return x * at::rsqrt(rms * rms + epsilon);
}

/// Same, times a weight of shape (D).
inline at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  return rms_norm(x, epsilon) * weight;
}

}  // namespace paa::nn
