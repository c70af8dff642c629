#pragma once
// What a decoder's block computes between its products, forwards and backwards, each in one pass over memory.

#include <cstdint>

namespace paa::nn {

/// Steps over rows that lie one after another. "Elements" are fp32 or bf16, whichever table the step was taken from;
/// everything is computed in fp32 and rounded once at the end. Rows are independent of each other, so callers may share
/// them out among threads. Compiled for AVX-512, AVX2 and plainly; results differ in the last bits from CPU to CPU.
struct RowSteps {
  /// normed[r] = hidden[r] * scales[r] * weight with scales[r] = 1 / sqrt(mean(hidden[r]^2) + epsilon). hidden: (rows,
  /// width) float; weight: (width); normed: (rows, width) elements; scales: (rows).
  void (*normalise)(const float* hidden, const float* weight, float epsilon, std::int64_t rows, std::int64_t width,
                    void* normed, float* scales);
  /// gradient[r] = passed[r] + what `slope`, the gradient of normed, makes of hidden's. slope: (rows, width) elements.
  void (*normalise_backward)(const void* slope, const float* hidden, const float* weight, const float* scales,
                             const float* passed, std::int64_t rows, std::int64_t width, float* gradient);
  /// sum = hidden + change, `count` numbers: a float, an element.
  void (*add)(const float* hidden, const void* change, std::int64_t count, float* sum);
  /// gated[r] = silu(gate) * up (SwiGLU, Shazeer 2020), where row r of gate_up is gate and up side by side: (rows, 2 *
  /// width) elements; gated: (rows, width) elements.
  void (*gate)(const void* gate_up, std::int64_t rows, std::int64_t width, void* gated);
  /// The gradient of gate_up from `slope`, that of gated.
  void (*gate_backward)(const void* gate_up, const void* slope, std::int64_t rows, std::int64_t width, void* gradient);
  /// One token's heads turned by their position, as rotate(). Head i begins at from + i * from_stride and goes to to + i *
  /// to_stride (in elements). cosine, sine: (width) elements, halves alike. With backward, turned back.
  void (*turn)(const void* from, std::int64_t from_stride, void* to, std::int64_t to_stride, std::int64_t heads,
               std::int64_t width, const void* cosine, const void* sine, bool backward);
  /// One row of scores in place: softmax(scores * factor + mask). scores: (width) elements; mask: (width) float, or null.
  void (*softmax)(void* scores, const float* mask, float factor, std::int64_t width);
  /// In place, from the gradient of the probabilities (width) to that of the scores; factor as of softmax.
  void (*softmax_backward)(void* slope, const void* probabilities, float factor, std::int64_t width);
};

/// The steps for this CPU. Thread-safe.
const RowSteps& row_steps_f32() noexcept;
/// The steps for this CPU. Thread-safe.
const RowSteps& row_steps_bf16() noexcept;

}  // namespace paa::nn
