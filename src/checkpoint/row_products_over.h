#pragma once
// RowProducts written once over a type `Lanes` of sixteen floats, for the files that bring one. It has internal linkage
// throughout: each of these files is compiled for another instruction set, and no function may be shared among them.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "checkpoint/row_products.h"

namespace paa {
namespace {

constexpr std::int64_t kLanes = 16;

// What Lanes::load_pairs gives: sixteen bytes' lower and upper four bits, times a scale, plus a minimum.
template <class Lanes>
struct Pairs {
  Lanes low, high;
};

// How an element type is read, sixteen elements at a time.
template <class Lanes>
struct F32 {
  static constexpr std::size_t kBytes = 4;
  static Lanes load(const std::byte* from) { return Lanes::load(from); }
  static float one(const std::byte* from) {
    float value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
};

template <class Lanes>
struct BF16 {
  static constexpr std::size_t kBytes = 2;
  static Lanes load(const std::byte* from) { return Lanes::load_bf16(from); }
  static float one(const std::byte* from) {
    const std::byte bytes[4] = {std::byte{0}, std::byte{0}, from[0], from[1]};
    return F32<Lanes>::one(bytes);
  }
};

template <class Lanes>
struct F16 {
  static constexpr std::size_t kBytes = 2;
  static Lanes load(const std::byte* from) { return Lanes::load_f16(from); }
  static float one(const std::byte* from) { return Lanes::half(from).first(); }
};

template <class Lanes, template <class> class Element>
void multiply_elements(const std::byte* row, std::size_t stride, std::int64_t rows, std::int64_t columns, const float* x,
                       float* y) {
  using E = Element<Lanes>;
  for (std::int64_t r = 0; r < rows; ++r, row += stride) {
    Lanes sums = Lanes::zero();
    std::int64_t c = 0;
    for (; c + kLanes <= columns; c += kLanes) {
      sums = Lanes::multiply_add(E::load(row + static_cast<std::size_t>(c) * E::kBytes), Lanes::load(x + c), sums);
    }
    float sum = sums.sum();
    for (; c < columns; ++c) sum += E::one(row + static_cast<std::size_t>(c) * E::kBytes) * x[c];
    y[r] = sum;
  }
}

template <class Lanes, template <class> class Element>
void add_elements(const std::byte* row, std::size_t stride, std::int64_t rows, std::int64_t columns,
                  const float* weights, float* y) {
  using E = Element<Lanes>;
  for (std::int64_t r = 0; r < rows; ++r, row += stride) {
    const Lanes weight = Lanes::broadcast(weights[r]);
    std::int64_t c = 0;
    for (; c + kLanes <= columns; c += kLanes) {
      Lanes::multiply_add(weight, E::load(row + static_cast<std::size_t>(c) * E::kBytes), Lanes::load(y + c)).store(y + c);
    }
    for (; c < columns; ++c) y[c] += weights[r] * E::one(row + static_cast<std::size_t>(c) * E::kBytes);
  }
}

// The layouts of blocks: convert.cpp.
template <class Lanes>
void multiply_q8_0(const std::byte* row, std::size_t stride, std::int64_t rows, std::int64_t columns, const float* x,
                   float* y) {
  for (std::int64_t r = 0; r < rows; ++r, row += stride) {
    Lanes sums = Lanes::zero();
    const std::byte* block = row;
    for (const float* at = x; at < x + columns; at += 2 * kLanes, block += 34) {
      Lanes part = Lanes::multiply(Lanes::load_signed(block + 2), Lanes::load(at));
      part = Lanes::multiply_add(Lanes::load_signed(block + 2 + kLanes), Lanes::load(at + kLanes), part);
      sums = Lanes::multiply_add(Lanes::half(block), part, sums);
    }
    y[r] = sums.sum();
  }
}

// Q4_0 (no minimum of its own: 8 scales below zero) and Q4_1.
template <class Lanes, bool kMinimum>
void multiply_q4(const std::byte* row, std::size_t stride, std::int64_t rows, std::int64_t columns, const float* x,
                 float* y) {
  constexpr std::size_t kBefore = kMinimum ? 4 : 2, kBlock = kBefore + kLanes;
  for (std::int64_t r = 0; r < rows; ++r, row += stride) {
    Lanes low = Lanes::zero(), high = Lanes::zero();
    const std::byte* block = row;
    for (const float* at = x; at < x + columns; at += 2 * kLanes, block += kBlock) {
      const Lanes scale = Lanes::half(block);
      const Lanes minimum = kMinimum ? Lanes::half(block + 2) : Lanes::multiply(scale, Lanes::broadcast(-8));
      const auto values = Lanes::load_pairs(block + kBefore, scale, minimum);
      low = Lanes::multiply_add(values.low, Lanes::load(at), low);
      high = Lanes::multiply_add(values.high, Lanes::load(at + kLanes), high);
    }
    y[r] = low.sum() + high.sum();
  }
}

template <class Lanes>
constexpr RowProducts row_products_over() {
  return {multiply_elements<Lanes, F32>, multiply_elements<Lanes, F16>, multiply_elements<Lanes, BF16>, multiply_q8_0<Lanes>,
          multiply_q4<Lanes, false>, multiply_q4<Lanes, true>, add_elements<Lanes, F32>, add_elements<Lanes, BF16>};
}

}  // namespace
}  // namespace paa
