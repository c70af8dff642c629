#pragma once
// Attention of a short run of queries over cached keys, and the masks it takes.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

namespace paa::nn {

/// Added to a score that must not count. Finite, so that a wholly masked row gives no NaN.
inline constexpr float kMasked = -1e9F;

/// Additive mask (1, T, past + T) of a run of T new tokens after `past` cached ones, none of them padding: each new token
/// sees all of the past, itself, and the new ones before it. float.
inline at::Tensor causal_mask(std::int64_t tokens, std::int64_t past) {
  const at::Tensor hidden = at::ones({tokens, tokens}, at::kFloat).triu(1) * kMasked;
  return at::cat({at::zeros({tokens, past}, at::kFloat), hidden}, 1).unsqueeze(0);
}

/// Same for B pasts of different lengths, padded on the right to `past`: (B, T, past + T). lengths: (B) int64.
inline at::Tensor causal_mask(std::int64_t tokens, std::int64_t past, const at::Tensor& lengths) {
  const at::Tensor padding = at::arange(past, at::kLong).unsqueeze(0).ge(lengths.unsqueeze(1)).to(at::kFloat) * kMasked;
  const at::Tensor left = padding.unsqueeze(1).expand({-1, tokens, -1});
  const at::Tensor right = causal_mask(tokens, 0).expand({lengths.size(0), -1, -1});
  return at::cat({left, right}, 2);
}

/// Scaled dot-product attention with grouped queries (Ainslie et al. 2023). queries: (B, T, heads, d); keys, values:
/// (B, kv_heads, S, d) with heads a multiple of kv_heads; mask: additive float (B or 1, T, S), or undefined.
/// Gives (B, T, heads * d). Products in the type of the queries, softmax in fp32. Written as plain products because
/// at::scaled_dot_product_attention is slower at these sizes on a CPU (168 us against 120 us at B = 8, T = 11, S = 36)
/// and its masked backward slower still.
inline at::Tensor grouped_attention(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                                    const at::Tensor& mask) {
  const std::int64_t batch = queries.size(0), tokens = queries.size(1), heads = queries.size(2), d = queries.size(3);
  const std::int64_t kv_heads = keys.size(1), group = heads / kv_heads;
  const at::Tensor rows = queries.view({batch, tokens, kv_heads, group, d}).permute({0, 2, 3, 1, 4})
                              .reshape({batch, kv_heads, group * tokens, d});
  at::Tensor scores = at::matmul(rows, keys.transpose(-1, -2)).to(at::kFloat) * (1.0 / std::sqrt(static_cast<double>(d)));
  if (mask.defined()) {
    scores = (scores.view({batch, kv_heads, group, tokens, -1}) + mask.unsqueeze(1).unsqueeze(1))
                 .view({batch, kv_heads, group * tokens, -1});
  }
  const at::Tensor mixed = at::matmul(at::softmax(scores, -1).to(values.scalar_type()), values);
  return mixed.view({batch, kv_heads, group, tokens, d}).permute({0, 3, 1, 2, 4}).reshape({batch, tokens, heads * d});
}

}  // namespace paa::nn
