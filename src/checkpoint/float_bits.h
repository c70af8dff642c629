#pragma once
// fp16, bf16 and fp32 into one another, without branches so that loops over them vectorise.

#include <bit>
#include <cstdint>

namespace paa {

inline float bf16_to_float(std::uint16_t bits) noexcept { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

/// To nearest, ties to even; NaN stays a quiet NaN with its sign.
inline std::uint16_t float_to_bf16(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const std::uint32_t nan = (bits >> 16) | 0x40u;
  return static_cast<std::uint16_t>((bits & 0x7fffffffu) > 0x7f800000u ? nan : rounded);
}

/// Exact. Subnormals are made by a subtraction of normal numbers, so they survive flush-to-zero modes.
inline float half_to_float(std::uint16_t half) noexcept {
  constexpr std::uint32_t kExponent = 0x1fu << 23;
  constexpr std::uint32_t kSubnormalBias = 113u << 23;
  const std::uint32_t magnitude = (half & 0x7fffu) << 13;
  const std::uint32_t exponent = magnitude & kExponent;
  const std::uint32_t normal = magnitude + (112u << 23);
  const std::uint32_t special = magnitude + (224u << 23);
  const auto subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude + kSubnormalBias) -
                                                      std::bit_cast<float>(kSubnormalBias));
  const std::uint32_t unsigned_bits = exponent == kExponent ? special : exponent == 0 ? subnormal : normal;
  return std::bit_cast<float>(unsigned_bits | ((half & 0x8000u) << 16));
}

/// To nearest, ties to even; beyond the range becomes infinity; NaN stays a quiet NaN with its sign.
inline std::uint16_t float_to_half(float value) noexcept {
  constexpr std::uint32_t kInfinity = 0x7f800000u;
  constexpr std::uint32_t kOverflow = 143u << 23;        // 65536, the first value beyond the exponents of fp16
  constexpr std::uint32_t kSmallestNormal = 113u << 23;  // 2^-14
  constexpr std::uint32_t kAligner = 126u << 23;         // adding 0.5 leaves a unit of 2^-24 in the last place
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  const std::uint32_t normal = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + std::bit_cast<float>(kAligner)) - kAligner;
  const std::uint32_t special = magnitude > kInfinity ? 0x7e00u | ((magnitude >> 13) & 0x1ffu) : 0x7c00u;
  const std::uint32_t result = magnitude >= kOverflow ? special : magnitude < kSmallestNormal ? subnormal : normal;
  return static_cast<std::uint16_t>(result | ((bits >> 16) & 0x8000u));
}

}  // namespace paa
