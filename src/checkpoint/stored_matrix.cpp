#include "paa/checkpoint/stored_matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "checkpoint/in_quotes.h"
#include "checkpoint/row_products.h"
#include "checkpoint/tensor_layout.h"
#include "core/instruction_set.h"
#include "paa/core/error.h"

namespace paa {
namespace {

const RowProducts& fastest_row_products() noexcept {
#if defined(__x86_64__)
  switch (instruction_set()) {
    case InstructionSet::kAvx512: return avx512_row_products();
    case InstructionSet::kAvx2: return avx2_row_products();
    case InstructionSet::kPlain: break;
  }
#endif
  return plain_row_products();
}

RowProducts::Multiply product_of(DType type) {
  const RowProducts& products = fastest_row_products();
  switch (type) {
    case DType::kF32: return products.f32;
    case DType::kF16: return products.f16;
    case DType::kBF16: return products.bf16;
    case DType::kQ8_0: return products.q8_0;
    case DType::kQ4_0: return products.q4_0;
    case DType::kQ4_1: return products.q4_1;
    default: throw Error(ErrorCode::kUnsupported, fmt::format("a matrix of {} has no product with a vector", to_string(type)));
  }
}

std::size_t row_bytes(const StoredMatrix& m) {
  return static_cast<std::size_t>(byte_size(m.type, static_cast<std::uint64_t>(m.columns)));
}

}  // namespace

StoredMatrix stored_matrix(const WeightSource& source, std::string_view name, std::int64_t rows, std::int64_t columns) {
  const TensorInfo& info = source.expect_shape(name, {rows, columns});
  if (!is_float_like(info.type)) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: tensor {} of type {} has no product with a vector", source.origin(), in_quotes(name),
                            info.type == DType::kOther ? info.other_type : to_string(info.type)));
  }
  return {info.type, source.bytes(name), rows, columns};
}

StoredMatrix stored_matrix(DType type, const void* values, std::int64_t rows, std::int64_t columns) noexcept {
  const auto bytes = static_cast<std::size_t>(rows * columns) * (type == DType::kF32 ? sizeof(float) : sizeof(std::uint16_t));
  return {type, {static_cast<const std::byte*>(values), bytes}, rows, columns};
}

void multiply_rows(const StoredMatrix& matrix, std::int64_t first, std::int64_t count, const float* x, float* y) {
  const std::size_t stride = row_bytes(matrix);
  product_of(matrix.type)(matrix.bytes.data() + static_cast<std::size_t>(first) * stride, stride, count, matrix.columns, x,
                          y);
}

void add_rows(const StoredMatrix& matrix, const float* weights, float* y) {
  if (matrix.type != DType::kF32 && matrix.type != DType::kBF16) {
    throw Error(ErrorCode::kUnsupported, fmt::format("rows of {} are not added up", to_string(matrix.type)));
  }
  const RowProducts& products = fastest_row_products();
  std::fill_n(y, matrix.columns, 0.0F);
  (matrix.type == DType::kF32 ? products.add_f32 : products.add_bf16)(matrix.bytes.data(), row_bytes(matrix), matrix.rows,
                                                                       matrix.columns, weights, y);
}

}  // namespace paa
