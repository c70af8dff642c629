#pragma once
// A small random generator whose numbers are the same on every machine, unlike the distributions of <random>.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

namespace paa {

/// xoshiro256** (Blackman & Vigna 2021), seeded by SplitMix64. A plain value: a copy goes on with the same numbers. Not
/// for secrets; not thread-safe.
class Random {
 public:
  /// Generators of different seeds, or of one seed and different streams, are independent: Random(seed, step) gives a
  /// training step its own numbers, whatever was drawn before.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) {
    std::uint64_t state = seed;
    state = split_mix(state) ^ (stream * 0xD1342543DE82EF95ULL);
    for (auto& word : state_) word = split_mix(state);
  }

  /// 64 random bits.
  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9, shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// Every whole number of [0, bound) equally often; bound must be positive.
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t cut = (0 - bound) % bound;  // numbers below it would make the first ones more frequent
    std::uint64_t bits = next();
    while (bits < cut) bits = next();
    return bits % bound;
  }

  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// Standard normal (Box & Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

  /// 0 .. count - 1 in random order (Fisher & Yates).
  std::vector<std::size_t> permutation(std::size_t count) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
    return order;
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

  static std::uint64_t split_mix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace paa
