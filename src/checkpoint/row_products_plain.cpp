#include "checkpoint/float_bits.h"
#include "checkpoint/row_products_over.h"

namespace paa {
namespace {

struct Plain {
  float lanes[kLanes];

  static Plain zero() { return broadcast(0); }
  static Plain broadcast(float value) {
    return of([&](std::int64_t) { return value; });
  }
  static Plain load(const void* from) {
    Plain result;
    std::memcpy(result.lanes, from, sizeof result.lanes);
    return result;
  }
  static Plain load_bf16(const std::byte* from) {
    return of([&](std::int64_t i) { return bf16_to_float(bits(from + 2 * i)); });
  }
  static Plain load_f16(const std::byte* from) {
    return of([&](std::int64_t i) { return half_to_float(bits(from + 2 * i)); });
  }
  static Plain load_signed(const std::byte* from) {
    return of([&](std::int64_t i) { return static_cast<float>(static_cast<std::int8_t>(from[i])); });
  }
  static Pairs<Plain> load_pairs(const std::byte* from, const Plain& scale, const Plain& minimum) {
    const Plain low = of([&](std::int64_t i) { return static_cast<float>(std::to_integer<int>(from[i]) & 15); });
    const Plain high = of([&](std::int64_t i) { return static_cast<float>(std::to_integer<int>(from[i]) >> 4); });
    return {multiply_add(low, scale, minimum), multiply_add(high, scale, minimum)};
  }
  static Plain half(const std::byte* from) { return broadcast(half_to_float(bits(from))); }
  static Halves<Plain> load_halves(const std::byte* from) { return {half(from), half(from + 2)}; }
  static Plain add(const Plain& a, const Plain& b) {
    return of([&](std::int64_t i) { return a.lanes[i] + b.lanes[i]; });
  }
  static Plain multiply(const Plain& a, const Plain& b) {
    return of([&](std::int64_t i) { return a.lanes[i] * b.lanes[i]; });
  }
  static Plain multiply_add(const Plain& a, const Plain& b, const Plain& c) {
    return of([&](std::int64_t i) { return a.lanes[i] * b.lanes[i] + c.lanes[i]; });
  }
  void store(float* to) const { std::memcpy(to, lanes, sizeof lanes); }
  float sum() const {
    float total = 0;
    for (const float lane : lanes) total += lane;
    return total;
  }
  float first() const { return lanes[0]; }

 private:
  static std::uint16_t bits(const std::byte* from) {
    std::uint16_t value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  template <class Lane>
  static Plain of(const Lane& lane) {
    Plain result;
    for (std::int64_t i = 0; i < kLanes; ++i) result.lanes[i] = lane(i);
    return result;
  }
};

}  // namespace

const RowProducts& plain_row_products() noexcept {
  static constexpr RowProducts kProducts = row_products_over<Plain>();
  return kProducts;
}

}  // namespace paa
