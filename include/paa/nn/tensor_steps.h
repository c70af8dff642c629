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
#include <cstring>

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
    const auto make = [&](std::int64_t heads) { return at::empty({qkv.size(0), heads, qkv.size(1), d_}, type_); };
    BlockHeads result{make(heads_), make(kv_heads_), make(kv_heads_)};
    carry(qkv, result, angles, false);
    return result;
  }

  /// The gradient of split()'s input.
  at::Tensor join(const BlockHeads& slopes, const Rotary& angles) const {
    for (const at::Tensor* slope : {&slopes.queries, &slopes.keys, &slopes.values}) check(*slope);
    at::Tensor qkv = at::empty({slopes.keys.size(0), slopes.keys.size(2), (heads_ + 2 * kv_heads_) * d_}, type_);
    carry(qkv, slopes, angles, true);
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

  // Some heads of one token: where they begin in a tensor and how far apart they lie, in elements.
  struct Part {
    const at::Tensor& of;
    std::int64_t begin, stride;
  };

  // From the tokens to the heads, or back.
  void carry(const at::Tensor& qkv, const BlockHeads& heads, const Rotary& angles, bool back) const {
    const std::int64_t tokens = qkv.size(1), width = qkv.size(2), turns = angles.cosine.size(0) == 1 ? 0 : tokens;
    over_rows(rows_of(qkv), width, [&](std::int64_t first, std::int64_t rows) {
      for (std::int64_t row = first; row < first + rows; ++row) {
        const std::int64_t item = row / tokens, token = row % tokens, turn = (item * turns + token) * d_;
        std::int64_t begin = row * width;
        for (const at::Tensor* kind : {&heads.queries, &heads.keys, &heads.values}) {
          const std::int64_t count = kind->size(1);
          const Part together{qkv, begin, d_}, apart{*kind, (item * count * tokens + token) * d_, tokens * d_};
          const Part &from = back ? apart : together, &to = back ? together : apart;
          if (kind == &heads.values) {
            copy_heads(from, to, count);
          } else {
            steps_->turn(elements(from.of, from.begin), from.stride, elements_to_write(to.of, to.begin), to.stride, count, d_,
                         elements(angles.cosine, turn), elements(angles.sine, turn), back);
          }
          begin += count * d_;
        }
      }
    });
  }

  void copy_heads(const Part& from, const Part& to, std::int64_t heads) const {
    const auto size = static_cast<std::size_t>(d_) * c10::elementSize(type_);
    for (std::int64_t h = 0; h < heads; ++h) {
      std::memcpy(elements_to_write(to.of, to.begin + h * to.stride), elements(from.of, from.begin + h * from.stride), size);
    }
  }

  float factor() const { return 1 / std::sqrt(static_cast<float>(d_)); }

  at::ScalarType type_;
  std::int64_t heads_, kv_heads_, d_;
  float epsilon_;
  const RowSteps* steps_;
};

}  // namespace paa::nn
