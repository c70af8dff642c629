// Compiled for AVX-512 (src/checkpoint/CMakeLists.txt); called where the CPU has it.

#include <immintrin.h>

#include "checkpoint/row_products_over.h"

namespace paa {
namespace {

struct Avx512 {
  __m512 lanes;

  static Avx512 zero() { return {_mm512_setzero_ps()}; }
  static Avx512 broadcast(float value) { return {_mm512_set1_ps(value)}; }
  static Avx512 load(const void* from) { return {_mm512_loadu_ps(from)}; }
  static Avx512 load_bf16(const std::byte* from) {
    const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(wide, 16))};
  }
  static Avx512 load_f16(const std::byte* from) {
    return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)))};
  }
  static Avx512 load_signed(const std::byte* from) {
    return {_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes(from)))};
  }
  // One of sixteen values is looked up by the four bits that index a lane.
  static Pairs<Avx512> load_pairs(const std::byte* from, Avx512 scale, Avx512 minimum) {
    const __m512 steps = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512 values = _mm512_fmadd_ps(steps, scale.lanes, minimum.lanes);
    const __m512i wide = _mm512_cvtepu8_epi32(bytes(from));
    return {{_mm512_permutexvar_ps(wide, values)}, {_mm512_permutexvar_ps(_mm512_srli_epi32(wide, 4), values)}};
  }
  static Avx512 half(const std::byte* from) {
    std::int16_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return {_mm512_cvtph_ps(_mm256_set1_epi16(bits))};
  }
  static Halves<Avx512> load_halves(const std::byte* from) {
    std::int32_t bits;
    std::memcpy(&bits, from, sizeof bits);
    const __m128 both = _mm_cvtph_ps(_mm_cvtsi32_si128(bits));
    return {{_mm512_broadcastss_ps(both)}, {_mm512_broadcastss_ps(_mm_movehdup_ps(both))}};
  }
  static Avx512 add(Avx512 a, Avx512 b) { return {_mm512_add_ps(a.lanes, b.lanes)}; }
  static Avx512 multiply(Avx512 a, Avx512 b) { return {_mm512_mul_ps(a.lanes, b.lanes)}; }
  static Avx512 multiply_add(Avx512 a, Avx512 b, Avx512 c) { return {_mm512_fmadd_ps(a.lanes, b.lanes, c.lanes)}; }
  void store(float* to) const { _mm512_storeu_ps(to, lanes); }
  float sum() const { return _mm512_reduce_add_ps(lanes); }
  float first() const { return _mm512_cvtss_f32(lanes); }

 private:
  static __m128i bytes(const std::byte* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }
};

}  // namespace

const RowProducts& avx512_row_products() noexcept {
  static constexpr RowProducts kProducts = row_products_over<Avx512>();
  return kProducts;
}

}  // namespace paa
