#pragma once
// RowSteps over tensors, their rows shared out among the threads.

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "paa/core/error.h"
#include "paa/nn/rotary.h"
#include "paa/nn/row_steps.h"

namespace paa::nn {

/// Rows divided by their root mean square and weighted, and what each was multiplied by: (B, T, width) elements, (B * T).
struct NormedRows {
  at::Tensor rows, scales;
};

/// A block's heads: (B, heads, T, d), (B, kv_heads, T, d) twice.
struct BlockHeads {
  at::Tensor queries, keys, values;
};

/// What one block of a decoder computes between its products, forwards and backwards. All tensors are contiguous;
/// "elements" are of the type it was built for, else Error(kInvalidArgument); shapes are not checked. No gradient passes by
/// itself. Thread-safe.
class TensorSteps {
 public:
  /// type: at::kFloat or at::kBFloat16, else Error(kInvalidArgument). d: of a head.
  TensorSteps(at::ScalarType type, std::int64_t heads, std::int64_t kv_heads, std::int64_t d, double epsilon)
      : type_(type), heads_(heads), kv_heads_(kv_heads), d_(d), epsilon_(static_cast<float>(epsilon)),
        steps_(type == at::kFloat ? &row_steps_f32() : &row_steps_bf16()) {
    if (type != at::kFloat && type != at::kBFloat16) {
      throw Error(ErrorCode::kInvalidArgument, "a block that passes gradients computes in fp32 or bf16");
    }
  }

  /// Of the elements.
  at::ScalarType type() const noexcept { return type_; }

  /// rms_norm(hidden, weight, epsilon) as elements. hidden: (B, T, width) float; weight: (width) float.
  NormedRows normalise(const at::Tensor& hidden, const at::Tensor& weight) const {
    const std::int64_t rows = rows_of(hidden), width = hidden.size(-1);
    NormedRows result{at::empty(hidden.sizes(), type_), at::empty({rows}, at::kFloat)};
    float* scales = result.scales.mutable_data_ptr<float>();
    over_rows(rows, width, [&](std::int64_t first, std::int64_t count) {
      steps_->normalise(floats(hidden, first), floats(weight, 0), epsilon_, count, width,
                        elements_to_write(result.rows, first * width), scales + first);
    });
    return result;
  }

  /// `passed` (B, T, width) float plus the gradient of `hidden` that `slope`, the gradient of the normalised rows, makes.
  at::Tensor normalise_backward(const at::Tensor& slope, const at::Tensor& hidden, const at::Tensor& weight,
                                const at::Tensor& scales, const at::Tensor& passed) const {
    check(slope);
    const std::int64_t width = hidden.size(-1);
    at::Tensor result = at::empty_like(hidden);
    float* to = result.mutable_data_ptr<float>();
    over_rows(rows_of(hidden), width, [&](std::int64_t first, std::int64_t count) {
      steps_->normalise_backward(elements(slope, first * width), floats(hidden, first), floats(weight, 0),
                                 scales.const_data_ptr<float>() + first, floats(passed, first), count, width, to + first * width);
    });
    return result;
  }

  /// hidden + change: (B, T, width) float and elements.
  at::Tensor add(const at::Tensor& hidden, const at::Tensor& change) const {
    check(change);
    const std::int64_t width = hidden.size(-1);
    at::Tensor sum = at::empty_like(hidden);
    float* to = sum.mutable_data_ptr<float>();
    over_rows(rows_of(hidden), width, [&](std::int64_t first, std::int64_t count) {
      steps_->add(floats(hidden, first), elements(change, first * width), count * width, to + first * width);
    });
    return sum;
  }

  /// silu(gate) * up (B, T, width) of both side by side: (B, T, 2 * width).
  at::Tensor gate(const at::Tensor& gate_up) const {
    check(gate_up);
    const std::int64_t width = gate_up.size(-1) / 2;
    at::Tensor gated = at::empty({gate_up.size(0), gate_up.size(1), width}, type_);
    over_rows(rows_of(gate_up), width, [&](std::int64_t first, std::int64_t count) {
      steps_->gate(elements(gate_up, 2 * first * width), count, width, elements_to_write(gated, first * width));
    });
    return gated;
  }

  /// The gradient of gate_up from that of gate().
  at::Tensor gate_backward(const at::Tensor& gate_up, const at::Tensor& slope) const {
    check(slope);
    const std::int64_t width = slope.size(-1);
    at::Tensor gradient = at::empty_like(gate_up);
    over_rows(rows_of(gate_up), width, [&](std::int64_t first, std::int64_t count) {
      steps_->gate_backward(elements(gate_up, 2 * first * width), elements(slope, first * width), count, width,
                            elements_to_write(gradient, 2 * first * width));
    });
    return gradient;
  }

  /// Heads of tokens (B, T, (heads + 2 kv_heads) d), queries and keys turned by their positions.
  BlockHeads split(const at::Tensor& qkv, const Rotary& angles) const {
    check(qkv);
    const std::int64_t items = qkv.size(0), tokens = qkv.size(1), d = d_;
    const auto make = [&](std::int64_t heads) { return at::empty({items, heads, tokens, d}, type_); };
    BlockHeads result{make(heads_), make(kv_heads_), make(kv_heads_)};
    for_each_token(qkv, angles, [&](std::int64_t item, std::int64_t token, std::int64_t begin_of_token, const void* cosine, const void* sine) {
      for_each_kind(result, [&](const at::Tensor& heads, std::int64_t begin, bool turned) {
        const std::int64_t count = heads.size(1), to = (item * count * tokens + token) * d;
        if (turned) {
          steps_->turn(elements(qkv, begin_of_token + begin), d, elements_to_write(heads, to), tokens * d, count, d, cosine, sine, false);
        } else {
          copy_heads(elements(qkv, begin_of_token + begin), d, elements_to_write(heads, to), tokens * d, count);
        }
      });
    });
    return result;
  }

  /// The gradient of split()'s input.
  at::Tensor join(const BlockHeads& slopes, const Rotary& angles) const {
    for (const at::Tensor* slope : {&slopes.queries, &slopes.keys, &slopes.values}) check(*slope);
    const std::int64_t items = slopes.keys.size(0), tokens = slopes.keys.size(2), d = d_;
    at::Tensor qkv = at::empty({items, tokens, (heads_ + 2 * kv_heads_) * d}, type_);
    for_each_token(qkv, angles, [&](std::int64_t item, std::int64_t token, std::int64_t begin_of_token, const void* cosine, const void* sine) {
      for_each_kind(slopes, [&](const at::Tensor& heads, std::int64_t begin, bool turned) {
        const std::int64_t count = heads.size(1), from = (item * count * tokens + token) * d;
        if (turned) {
          steps_->turn(elements(heads, from), tokens * d, elements_to_write(qkv, begin_of_token + begin), d, count, d, cosine, sine, true);
        } else {
          copy_heads(elements(heads, from), tokens * d, elements_to_write(qkv, begin_of_token + begin), d, count);
        }
      });
    });
    return qkv;
  }

  /// softmax(scores / sqrt(d) + mask) in place. scores: (B * kv_heads, heads / kv_heads * tokens, S) elements; mask: float (B
  /// or 1, at least `tokens`, S), whose last rows are those of the tokens, or undefined.
  at::Tensor softmax(const at::Tensor& scores, const at::Tensor& mask, std::int64_t tokens) const {
    check(scores);
    const std::int64_t per_item = heads_ * tokens, width = scores.size(2);
    const auto mask_row = [&](std::int64_t row) -> const float* {
      if (!mask.defined()) return nullptr;
      const std::int64_t item = mask.size(0) > 1 ? row / per_item : 0, token = mask.size(1) - tokens + row % tokens;
      return floats(mask, item * mask.size(1) + token);
    };
    over_rows(rows_of(scores), width, [&](std::int64_t first, std::int64_t count) {
      for (std::int64_t row = first; row < first + count; ++row) {
        steps_->softmax(elements_to_write(scores, row * width), mask_row(row), factor(), width);
      }
    });
    return scores;
  }

  /// In place, from the gradient of `shares`, what softmax() gave, to that of the scores.
  at::Tensor softmax_backward(const at::Tensor& slope, const at::Tensor& shares) const {
    check(slope);
    const std::int64_t width = slope.size(2);
    over_rows(rows_of(slope), width, [&](std::int64_t first, std::int64_t count) {
      for (std::int64_t row = first; row < first + count; ++row) {
        steps_->softmax_backward(elements_to_write(slope, row * width), elements(shares, row * width), factor(), width);
      }
    });
    return slope;
  }

 private:
  // What torch gave back: a caller's autocast, say, changes the type of products.
  void check(const at::Tensor& x) const {
    if (x.scalar_type() == type_) return;
    throw Error(ErrorCode::kInvalidArgument, "a product through which gradients pass has another type than its weights; is autocast on?");
  }

  template <class Work>  // work(first row, rows)
  static void over_rows(std::int64_t rows, std::int64_t width, const Work& work) {
    constexpr std::int64_t kLeastWork = 1 << 14;
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kLeastWork / width),
                     [&](std::int64_t begin, std::int64_t end) { work(begin, end - begin); });
  }

  static std::int64_t rows_of(const at::Tensor& x) { return x.numel() / x.size(-1); }

  static const float* floats(const at::Tensor& x, std::int64_t row) { return x.const_data_ptr<float>() + row * x.size(-1); }

  static const std::byte* elements(const at::Tensor& x, std::int64_t offset) {
    return static_cast<const std::byte*>(x.const_data_ptr()) + offset * static_cast<std::int64_t>(x.element_size());
  }
  static std::byte* elements_to_write(const at::Tensor& x, std::int64_t offset) {
    return static_cast<std::byte*>(x.mutable_data_ptr()) + offset * static_cast<std::int64_t>(x.element_size());
  }

  // visit(heads, where they begin among those of a token, whether they are turned) for queries, keys, values.
  template <class Visit>
  void for_each_kind(const BlockHeads& heads, const Visit& visit) const {
    visit(heads.queries, std::int64_t{0}, true);
    visit(heads.keys, heads_ * d_, true);
    visit(heads.values, (heads_ + kv_heads_) * d_, false);
  }

  // work(item, token, where it begins in `tokens`, its cosines, its sines) for every token. Offsets are in elements.
  template <class Work>
  void for_each_token(const at::Tensor& tokens, const Rotary& angles, const Work& work) const {
    const std::int64_t per_item = tokens.size(1), width = tokens.size(2), d = d_;
    const std::int64_t turns = angles.cosine.size(0) == 1 ? 0 : per_item;
    over_rows(rows_of(tokens), width, [&](std::int64_t first, std::int64_t count) {
      for (std::int64_t row = first; row < first + count; ++row) {
        const std::int64_t item = row / per_item, token = row % per_item, turn = (item * turns + token) * d;
        work(item, token, row * width, elements(angles.cosine, turn), elements(angles.sine, turn));
      }
    });
  }

  void copy_heads(const std::byte* from, std::int64_t from_stride, std::byte* to, std::int64_t to_stride, std::int64_t heads) const {
    const std::int64_t size = static_cast<std::int64_t>(c10::elementSize(type_));
    for (std::int64_t h = 0; h < heads; ++h) {
      std::copy_n(from + h * from_stride * size, d_ * size, to + h * to_stride * size);
    }
  }

  float factor() const { return 1 / std::sqrt(static_cast<float>(d_)); }

  at::ScalarType type_;
  std::int64_t heads_, kv_heads_, d_;
  float epsilon_;
  const RowSteps* steps_;
};

}  // namespace paa::nn
