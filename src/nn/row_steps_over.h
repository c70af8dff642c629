#pragma once
// RowSteps written once as loops that compilers vectorise, for the files that each compile them for another instruction
// set. It has internal linkage throughout, and no function of a library is called: none may be shared among them.

#include <cstdint>

#include "paa/nn/row_steps.h"

namespace paa::nn {
namespace {

struct F32 {
  using Stored = float;
  static float load(float stored) { return stored; }
  static float store(float value) { return value; }
};

struct BF16 {
  using Stored = std::uint16_t;
  static float load(std::uint16_t stored) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(stored) << 16); }
  // To the nearest, ties to even. What is no number stays none.
  static std::uint16_t store(float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    return static_cast<std::uint16_t>(value == value ? rounded : 0x7FC0);
  }
};

// Within 2 units in the last place; 0 below exp(-87.3), never more than exp(88.7).
inline float exponential(float x) {
  constexpr float kLog2E = 1.44269504F, kLn2High = 0.693145752F, kLn2Low = 1.42860677e-6F, kRound = 12582912.0F;
  constexpr float kLeast = -87.3F, kMost = 88.7F;
  const float bounded = x < kLeast ? kLeast : x > kMost ? kMost : x;
  const float shifted = bounded * kLog2E + kRound, n = shifted - kRound;
  const float f = (bounded - n * kLn2High) - n * kLn2Low;
  const float series =
      ((((((1.0F / 5040 * f + 1.0F / 720) * f + 1.0F / 120) * f + 1.0F / 24) * f + 1.0F / 6) * f + 0.5F) * f + 1) * f + 1;
  // n as a whole number, read off the bits: a conversion of what is no number would be undefined.
  const std::int32_t power = __builtin_bit_cast(std::int32_t, shifted) - __builtin_bit_cast(std::int32_t, kRound), half = power >> 1;
  const auto two_to = [](std::int32_t p) { return __builtin_bit_cast(float, (p + 127) << 23); };
  // In two factors, for 2^128 is no float.
  const float result = series * two_to(half) * two_to(power - half);
  return x < kLeast ? 0 : result;
}

inline float sigmoid(float x) { return 1 / (1 + exponential(-x)); }

template <class E>
void normalise(const float* hidden, const float* weight, float epsilon, std::int64_t rows, std::int64_t width, void* normed,
               float* scales) {
  auto* to = static_cast<typename E::Stored*>(normed);
  for (std::int64_t r = 0; r < rows; ++r, hidden += width, to += width) {
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (std::int64_t i = 0; i < width; ++i) squares += hidden[i] * hidden[i];
    const float scale = 1 / __builtin_sqrtf(squares / static_cast<float>(width) + epsilon);
    scales[r] = scale;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) to[i] = E::store(hidden[i] * scale * weight[i]);
  }
}

template <class E>
void normalise_backward(const void* slope, const float* hidden, const float* weight, const float* scales,
                        const float* passed, std::int64_t rows, std::int64_t width, float* gradient) {
  const auto* from = static_cast<const typename E::Stored*>(slope);
  for (std::int64_t r = 0; r < rows; ++r, from += width, hidden += width, passed += width, gradient += width) {
    const float scale = scales[r];
    float along = 0;  // of the gradient and the row itself
#pragma omp simd reduction(+ : along)
    for (std::int64_t i = 0; i < width; ++i) along += E::load(from[i]) * weight[i] * hidden[i];
    const float shrink = along * scale * scale / static_cast<float>(width);
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) {
      gradient[i] = passed[i] + scale * (E::load(from[i]) * weight[i] - hidden[i] * shrink);
    }
  }
}

template <class E>
void add(const float* hidden, const void* change, std::int64_t count, float* sum) {
  const auto* by = static_cast<const typename E::Stored*>(change);
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) sum[i] = hidden[i] + E::load(by[i]);
}

template <class E>
void gate(const void* gate_up, std::int64_t rows, std::int64_t width, void* gated) {
  const auto* g = static_cast<const typename E::Stored*>(gate_up);
  auto* to = static_cast<typename E::Stored*>(gated);
  for (std::int64_t r = 0; r < rows; ++r, g += 2 * width, to += width) {
    const auto* u = g + width;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) {
      const float x = E::load(g[i]);
      to[i] = E::store(x * sigmoid(x) * E::load(u[i]));
    }
  }
}

template <class E>
void gate_backward(const void* gate_up, const void* slope, std::int64_t rows, std::int64_t width, void* gradient) {
  const auto* g = static_cast<const typename E::Stored*>(gate_up);
  const auto* s = static_cast<const typename E::Stored*>(slope);
  auto* to = static_cast<typename E::Stored*>(gradient);
  for (std::int64_t r = 0; r < rows; ++r, g += 2 * width, s += width, to += 2 * width) {
    const auto* u = g + width;
    auto* to_up = to + width;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) {
      const float x = E::load(g[i]), up = E::load(u[i]), given = E::load(s[i]), open = sigmoid(x);
      to[i] = E::store(given * up * open * (1 + x * (1 - open)));
      to_up[i] = E::store(given * x * open);
    }
  }
}

template <class E>
void turn(const void* from, std::int64_t from_stride, void* to, std::int64_t to_stride, std::int64_t heads,
          std::int64_t width, const void* cosine, const void* sine, bool backward) {
  const auto* x = static_cast<const typename E::Stored*>(from);
  auto* y = static_cast<typename E::Stored*>(to);
  const auto* c = static_cast<const typename E::Stored*>(cosine);
  const auto* s = static_cast<const typename E::Stored*>(sine);
  const float direction = backward ? -1 : 1;
  const std::int64_t half = width / 2;
  for (std::int64_t h = 0; h < heads; ++h, x += from_stride, y += to_stride) {
#pragma omp simd
    for (std::int64_t i = 0; i < half; ++i) {
      const float a = E::load(x[i]), b = E::load(x[i + half]), cos = E::load(c[i]), sin = direction * E::load(s[i]);
      y[i] = E::store(a * cos - b * sin);
      y[i + half] = E::store(b * cos + a * sin);
    }
  }
}

template <class E>
void softmax(void* scores, const float* mask, float factor, std::int64_t width) {
  auto* x = static_cast<typename E::Stored*>(scores);
  const auto score = [&](std::int64_t i) { return E::load(x[i]) * factor + (mask == nullptr ? 0 : mask[i]); };
  float most = score(0);
#pragma omp simd reduction(max : most)
  for (std::int64_t i = 1; i < width; ++i) most = most > score(i) ? most : score(i);
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < width; ++i) sum += exponential(score(i) - most);
  const float share = 1 / sum;
#pragma omp simd
  for (std::int64_t i = 0; i < width; ++i) x[i] = E::store(exponential(score(i) - most) * share);
}

template <class E>
void softmax_backward(void* slope, const void* probabilities, float factor, std::int64_t width) {
  auto* s = static_cast<typename E::Stored*>(slope);
  const auto* p = static_cast<const typename E::Stored*>(probabilities);
  float mean = 0;
#pragma omp simd reduction(+ : mean)
  for (std::int64_t i = 0; i < width; ++i) mean += E::load(s[i]) * E::load(p[i]);
#pragma omp simd
  for (std::int64_t i = 0; i < width; ++i) s[i] = E::store(E::load(p[i]) * (E::load(s[i]) - mean) * factor);
}

template <class E>
constexpr RowSteps row_steps_over() {
  return {normalise<E>, normalise_backward<E>, add<E>, gate<E>, gate_backward<E>, turn<E>, softmax<E>, softmax_backward<E>};
}

constexpr RowSteps kF32Steps = row_steps_over<F32>(), kBF16Steps = row_steps_over<BF16>();

}  // namespace
}  // namespace paa::nn
