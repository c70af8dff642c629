#pragma once
// Rotary position embedding (Su et al. 2021), half-split layout as in Hugging Face's Llama.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/sin.h>

namespace paa::nn {

/// Angles of some positions: cosines and sines of shape (B or 1, T, 1, head_dim), ready to multiply (B, T, heads, head_dim).
struct Rotary {
  at::Tensor cosine, sine;
};

/// positions: (B or 1, T) int64. The angles are computed in fp32 and held as `type`.
inline Rotary rotary(const at::Tensor& positions, std::int64_t head_dim, double base, at::ScalarType type) {
  const at::Tensor exponents = at::arange(0, head_dim, 2, at::kFloat) / static_cast<double>(head_dim);
  const at::Tensor frequencies = at::pow(base, exponents).reciprocal();
  const at::Tensor half = positions.to(at::kFloat).unsqueeze(-1) * frequencies;
  const at::Tensor angles = at::cat({half, half}, -1).unsqueeze(2);
  return {angles.cos().to(type), angles.sin().to(type)};
}

/// Rotates x: (B, T, heads, head_dim). Differentiable.
inline at::Tensor rotate(const at::Tensor& x, const Rotary& angles) {
  const auto halves = x.chunk(2, -1);
  return x * angles.cosine + at::cat({-halves[1], halves[0]}, -1) * angles.sine;
}

}  // namespace paa::nn
