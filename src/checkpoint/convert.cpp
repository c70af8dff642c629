#include "checkpoint/convert.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "checkpoint/float_bits.h"
#include "checkpoint/tensor_layout.h"
#include "paa/core/error.h"

namespace paa {
namespace {

static_assert(std::endian::native == std::endian::little, "weight files are little-endian and are used in place");

// Elements converted at a time, through a buffer of fp32 that stays in the first cache. A multiple of every block.
constexpr std::size_t kChunk = 1024;
constexpr std::size_t kBlock = 32;

template <class T>
T load(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

using Decode = void (*)(const std::byte* __restrict in, std::size_t count, float* __restrict out);
using Encode = void (*)(const float* __restrict in, std::size_t count, std::byte* __restrict out);

void decode_f32(const std::byte* __restrict in, std::size_t count, float* __restrict out) {
  std::memcpy(out, in, count * sizeof(float));
}

template <float (*kToFloat)(std::uint16_t) noexcept>
void decode_16bit(const std::byte* __restrict in, std::size_t count, float* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = kToFloat(load<std::uint16_t>(in + 2 * i));
}

// A block of Q8_0: fp16 scale, 32 signed bytes.
void decode_q8_0(const std::byte* __restrict in, std::size_t count, float* __restrict out) {
  for (; count > 0; count -= kBlock, in += 34, out += kBlock) {
    const float scale = half_to_float(load<std::uint16_t>(in));
    for (std::size_t i = 0; i < kBlock; ++i) out[i] = scale * static_cast<float>(static_cast<std::int8_t>(in[2 + i]));
  }
}

// A block of Q4_0: fp16 scale, 16 bytes whose low halves are elements 0..15 and whose high halves are 16..31.
void decode_q4_0(const std::byte* __restrict in, std::size_t count, float* __restrict out) {
  for (; count > 0; count -= kBlock, in += 18, out += kBlock) {
    const float scale = half_to_float(load<std::uint16_t>(in));
    for (std::size_t i = 0; i < kBlock / 2; ++i) {
      const int pair = std::to_integer<int>(in[2 + i]);
      out[i] = scale * static_cast<float>((pair & 15) - 8);
      out[i + kBlock / 2] = scale * static_cast<float>((pair >> 4) - 8);
    }
  }
}

// A block of Q4_1: fp16 scale, fp16 minimum, halves of bytes as in Q4_0.
void decode_q4_1(const std::byte* __restrict in, std::size_t count, float* __restrict out) {
  for (; count > 0; count -= kBlock, in += 20, out += kBlock) {
    const float scale = half_to_float(load<std::uint16_t>(in));
    const float minimum = half_to_float(load<std::uint16_t>(in + 2));
    for (std::size_t i = 0; i < kBlock / 2; ++i) {
      const int pair = std::to_integer<int>(in[4 + i]);
      out[i] = scale * static_cast<float>(pair & 15) + minimum;
      out[i + kBlock / 2] = scale * static_cast<float>(pair >> 4) + minimum;
    }
  }
}

Decode decoder(DType type) {
  switch (type) {
    case DType::kF32: return decode_f32;
    case DType::kF16: return decode_16bit<half_to_float>;
    case DType::kBF16: return decode_16bit<bf16_to_float>;
    case DType::kQ8_0: return decode_q8_0;
    case DType::kQ4_0: return decode_q4_0;
    case DType::kQ4_1: return decode_q4_1;
    default: throw Error(ErrorCode::kInternal, "no conversion from this element type");
  }
}

void encode_f32(const float* __restrict in, std::size_t count, std::byte* __restrict out) {
  std::memcpy(out, in, count * sizeof(float));
}

template <std::uint16_t (*kFromFloat)(float) noexcept>
void encode_16bit(const float* __restrict in, std::size_t count, std::byte* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t bits = kFromFloat(in[i]);
    std::memcpy(out + 2 * i, &bits, sizeof bits);
  }
}

Encode encoder(DType type) {
  switch (type) {
    case DType::kF32: return encode_f32;
    case DType::kF16: return encode_16bit<float_to_half>;
    case DType::kBF16: return encode_16bit<float_to_bf16>;
    default: throw Error(ErrorCode::kInternal, "no conversion to this element type");
  }
}

}  // namespace

void convert_elements(DType from, std::span<const std::byte> in, DType to, std::span<std::byte> out,
                      std::uint64_t elements) {
  const Decode decode = decoder(from);
  const Encode encode = encoder(to);
  const auto stored = block_of(from);
  const auto wanted = block_of(to);
  std::array<float, kChunk> chunk;
  const std::byte* source = in.data();
  std::byte* target = out.data();
  while (elements > 0) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(elements, kChunk));
    decode(source, count, chunk.data());
    encode(chunk.data(), count, target);
    source += count / stored.elements * stored.bytes;
    target += count * wanted.bytes;
    elements -= count;
  }
}

}  // namespace paa
