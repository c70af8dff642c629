// Compiled for AVX2, FMA and F16C (src/checkpoint/CMakeLists.txt); called where the CPU has them.

#include <immintrin.h>

#include "checkpoint/row_products_over.h"

namespace paa {
namespace {

struct Avx2 {
  __m256 low, high;

  static Avx2 zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  static Avx2 broadcast(float value) { return {_mm256_set1_ps(value), _mm256_set1_ps(value)}; }
  static Avx2 load(const void* from) {
    const auto* values = static_cast<const float*>(from);
    return {_mm256_loadu_ps(values), _mm256_loadu_ps(values + 8)};
  }
  static Avx2 load_bf16(const std::byte* from) {
    const auto half = [](const std::byte* at) {
      return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bytes(at)), 16));
    };
    return {half(from), half(from + 16)};
  }
  static Avx2 load_f16(const std::byte* from) { return {_mm256_cvtph_ps(bytes(from)), _mm256_cvtph_ps(bytes(from + 16))}; }
  static Avx2 load_signed(const std::byte* from) {
    const __m128i values = bytes(from);
    return {_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(values)),
            _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_unpackhi_epi64(values, values)))};
  }
  static Pairs<Avx2> load_pairs(const std::byte* from, Avx2 scale, Avx2 minimum) {
    const __m128i pairs = bytes(from), mask = _mm_set1_epi8(15);
    return {multiply_add(of_unsigned(_mm_and_si128(pairs, mask)), scale, minimum),
            multiply_add(of_unsigned(_mm_and_si128(_mm_srli_epi16(pairs, 4), mask)), scale, minimum)};
  }
  static Avx2 half(const std::byte* from) {
    std::int16_t bits;
    std::memcpy(&bits, from, sizeof bits);
    const __m256 eight = _mm256_cvtph_ps(_mm_set1_epi16(bits));
    return {eight, eight};
  }
  static Halves<Avx2> load_halves(const std::byte* from) {
    std::int32_t bits;
    std::memcpy(&bits, from, sizeof bits);
    const __m128 both = _mm_cvtph_ps(_mm_cvtsi32_si128(bits));
    const __m256 first = _mm256_broadcastss_ps(both), second = _mm256_broadcastss_ps(_mm_movehdup_ps(both));
    return {{first, first}, {second, second}};
  }
  static Avx2 add(Avx2 a, Avx2 b) { return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)}; }
  static Avx2 multiply(Avx2 a, Avx2 b) { return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)}; }
  static Avx2 multiply_add(Avx2 a, Avx2 b, Avx2 c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
  }
  void store(float* to) const {
    _mm256_storeu_ps(to, low);
    _mm256_storeu_ps(to + 8, high);
  }
  float sum() const {
    const __m256 eight = _mm256_add_ps(low, high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  float first() const { return _mm256_cvtss_f32(low); }

 private:
  static __m128i bytes(const std::byte* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }
  static Avx2 of_unsigned(__m128i values) {
    return {_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(values)),
            _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_unpackhi_epi64(values, values)))};
  }
};

}  // namespace

const RowProducts& avx2_row_products() noexcept {
  static constexpr RowProducts kProducts = row_products_over<Avx2>();
  return kProducts;
}

}  // namespace paa
