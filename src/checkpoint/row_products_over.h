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
// How far ahead of what is read memory is asked for: the CPU itself does not ask beyond a page.
constexpr std::size_t kAhead = 8192;

// What Lanes::load_pairs gives: sixteen bytes' lower and upper four bits, times a scale, plus a minimum.
template <class Lanes>
struct Pairs {
  Lanes low, high;
};

// What Lanes::load_halves gives: two numbers, each in every lane.
template <class Lanes>
struct Halves {
  Lanes first, second;
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

// Sums of the parts of a row. One waits for a product's latency, so there are as many as products under way.
template <class Lanes>
struct Sums {
  Lanes low = Lanes::zero(), high = Lanes::zero();
};

// The layouts of blocks: convert.cpp.
template <class Lanes>
struct Q8_0 {
  static constexpr std::size_t kBytes = 34;
  static void add(const std::byte* block, const float* x, Sums<Lanes>& sums) {
    const Lanes scale = Lanes::half(block);
    Lanes part = Lanes::multiply(Lanes::load_signed(block + 2), Lanes::load(x));
    part = Lanes::multiply_add(Lanes::load_signed(block + 2 + kLanes), Lanes::load(x + kLanes), part);
    sums.low = Lanes::multiply_add(scale, part, sums.low);
  }
};

template <class Lanes>
void add_pairs(const std::byte* pairs, Lanes scale, Lanes minimum, const float* x, Sums<Lanes>& sums) {
  const auto values = Lanes::load_pairs(pairs, scale, minimum);
  sums.low = Lanes::multiply_add(values.low, Lanes::load(x), sums.low);
  sums.high = Lanes::multiply_add(values.high, Lanes::load(x + kLanes), sums.high);
}

template <class Lanes>
struct Q4_0 {
  static constexpr std::size_t kBytes = 18;
  static void add(const std::byte* block, const float* x, Sums<Lanes>& sums) {
    const Lanes scale = Lanes::half(block);
    add_pairs(block + 2, scale, Lanes::multiply(scale, Lanes::broadcast(-8)), x, sums);
  }
};

template <class Lanes>
struct Q4_1 {
  static constexpr std::size_t kBytes = 20;
  static void add(const std::byte* block, const float* x, Sums<Lanes>& sums) {
    const auto [scale, minimum] = Lanes::load_halves(block);
    add_pairs(block + 4, scale, minimum, x, sums);
  }
};

template <class Lanes, template <class> class Block>
void multiply_blocks(const std::byte* row, std::size_t stride, std::int64_t rows, std::int64_t columns, const float* x,
                     float* y) {
  using B = Block<Lanes>;
  constexpr std::int64_t kColumns = 2 * kLanes;
  for (std::int64_t r = 0; r < rows; ++r, row += stride) {
    Sums<Lanes> even, odd;
    const std::byte* block = row;
    std::int64_t c = 0;
    for (; c + 2 * kColumns <= columns; c += 2 * kColumns, block += 2 * B::kBytes) {
      __builtin_prefetch(block + kAhead);
      B::add(block, x + c, even);
      B::add(block + B::kBytes, x + c + kColumns, odd);
    }
    if (c < columns) B::add(block, x + c, even);
    y[r] = Lanes::add(Lanes::add(even.low, even.high), Lanes::add(odd.low, odd.high)).sum();
  }
}

template <class Lanes>
constexpr RowProducts row_products_over() {
  return {multiply_elements<Lanes, F32>, multiply_elements<Lanes, F16>, multiply_elements<Lanes, BF16>, multiply_blocks<Lanes, Q8_0>,
          multiply_blocks<Lanes, Q4_0>, multiply_blocks<Lanes, Q4_1>, add_elements<Lanes, F32>, add_elements<Lanes, BF16>};
}

}  // namespace
}  // namespace paa
