// Products with a vector, of every element type and for every instruction set this CPU has, against the same product over
// the elements as WeightSource::read gives them, in fp64.

#include "paa/checkpoint/stored_matrix.h"

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "checkpoint/row_products.h"
#include "checkpoint_data.h"
#include "core/instruction_set.h"

using Catch::Matchers::Contains;
using paa::DType;
using paa::ErrorCode;
using paa::RowProducts;

namespace {

// One matrix in memory, behind one byte that spoils its alignment.
class Stored final : public paa::WeightSource {
 public:
  Stored(DType type, std::int64_t rows, std::int64_t columns, unsigned seed) : infos_(1) {
    infos_[0].name = "m";
    infos_[0].type = type;
    infos_[0].shape = {rows, columns};
    bytes_.resize(1 + paa::byte_size(type, static_cast<std::uint64_t>(rows * columns)));
    std::mt19937 random(seed);
    for (auto& byte : bytes_) byte = static_cast<std::byte>(random());
    // Exponents of sums that stay in range: random bytes are infinities now and then.
    if (type == DType::kF32) tame(4, 3, 0x3f, random);
    if (type == DType::kBF16) tame(2, 1, 0x3f, random);
    if (type == DType::kF16) tame(2, 1, 0x3b, random);
    if (type == DType::kQ8_0) tame(34, 1, 0x2b, random);
    if (type == DType::kQ4_0) tame(18, 1, 0x2b, random);
    if (type == DType::kQ4_1) tame(20, 1, 0x2b, random), tame(20, 3, 0x2b, random);
  }
  const std::vector<paa::TensorInfo>& tensors() const override { return infos_; }
  std::span<const std::byte> bytes(std::string_view) const override { return std::span(bytes_).subspan(1); }
  std::string origin() const override { return "memory"; }

 private:
  void tame(std::size_t every, std::size_t at, int most, std::mt19937& random) {
    for (std::size_t i = 1 + at; i < bytes_.size(); i += every) {
      const int sign = random() % 2 == 0 ? 0 : 0x80;
      bytes_[i] = static_cast<std::byte>(sign | std::min(most, std::to_integer<int>(bytes_[i]) & 0x7f));
    }
  }

  std::vector<paa::TensorInfo> infos_;
  std::vector<std::byte> bytes_;
};

std::vector<float> random_vector(std::int64_t size) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& value : values) value = normal(random);
  return values;
}

// Rounding in fp32 moves a sum by no more than this part of the sum of the parts' sizes.
constexpr double kRounding = 1e-6;

// Row r of the product, and the sum of the sizes of its parts.
std::pair<double, double> product(const std::vector<float>& elements, std::size_t r, const std::vector<float>& x) {
  double sum = 0, size = 0;
  for (std::size_t c = 0; c < x.size(); ++c) {
    const double part = static_cast<double>(elements[r * x.size() + c]) * x[c];
    sum += part, size += std::abs(part);
  }
  return {sum, size};
}

struct Kind {
  DType type;
  RowProducts::Multiply RowProducts::*multiply;
};
constexpr Kind kKinds[] = {{DType::kF32, &RowProducts::f32},   {DType::kF16, &RowProducts::f16},
                           {DType::kBF16, &RowProducts::bf16}, {DType::kQ8_0, &RowProducts::q8_0},
                           {DType::kQ4_0, &RowProducts::q4_0}, {DType::kQ4_1, &RowProducts::q4_1}};

std::vector<const RowProducts*> those_of_this_cpu() {
  std::vector<const RowProducts*> all{&paa::plain_row_products()};
#if defined(__x86_64__)
  const paa::InstructionSet most = paa::instruction_set();
  if (most >= paa::InstructionSet::kAvx2) all.push_back(&paa::avx2_row_products());
  if (most >= paa::InstructionSet::kAvx512) all.push_back(&paa::avx512_row_products());
#endif
  return all;
}

}  // namespace

TEST_CASE("a stored matrix times a vector is the product of its elements") {
  for (const Kind& kind : kKinds) {
    const bool blocks = kind.type == DType::kQ8_0 || kind.type == DType::kQ4_0 || kind.type == DType::kQ4_1;
    const std::vector<std::int64_t> in_blocks{32, 576, 1536}, any{1, 16, 77, 576};
    for (const std::int64_t columns : blocks ? in_blocks : any) {
      const Stored stored(kind.type, 9, columns, static_cast<unsigned>(columns));
      const auto matrix = paa::stored_matrix(stored, "m", 9, columns);
      const auto elements = stored.read_f32("m");
      const auto x = random_vector(columns);
      std::vector<float> y(5);
      paa::multiply_rows(matrix, 3, 5, x.data(), y.data());
      for (std::size_t r = 0; r < y.size(); ++r) {
        CAPTURE(paa::to_string(kind.type), columns, r);
        const auto [sum, size] = product(elements, 3 + r, x);
        CHECK(std::abs(y[r] - sum) <= kRounding * size);
      }
    }
  }
}

TEST_CASE("every instruction set of this CPU gives the same product but for rounding") {
  const std::int64_t rows = 6, columns = 1536;
  const auto x = random_vector(columns);
  for (const Kind& kind : kKinds) {
    const Stored stored(kind.type, rows, columns, 11);
    const auto elements = stored.read_f32("m");
    const std::size_t stride = stored.bytes("m").size() / static_cast<std::size_t>(rows);
    for (const RowProducts* products : those_of_this_cpu()) {
      std::vector<float> y(static_cast<std::size_t>(rows));
      (products->*kind.multiply)(stored.bytes("m").data(), stride, rows, columns, x.data(), y.data());
      for (std::size_t r = 0; r < y.size(); ++r) {
        CAPTURE(paa::to_string(kind.type), r, products == &paa::plain_row_products());
        const auto [sum, size] = product(elements, r, x);
        CHECK(std::abs(y[r] - sum) <= kRounding * size);
      }
    }
  }
}

TEST_CASE("weighted rows add up, in F32 and BF16") {
  for (const DType type : {DType::kF32, DType::kBF16}) {
    for (const std::int64_t columns : {std::int64_t{5}, std::int64_t{64}, std::int64_t{70}}) {
      const Stored stored(type, 12, columns, 3);
      const auto elements = stored.read_f32("m");
      const auto weights = random_vector(12);
      std::vector<float> y(static_cast<std::size_t>(columns), 99.0F);
      paa::add_rows(paa::stored_matrix(stored, "m", 12, columns), weights.data(), y.data());
      for (std::size_t c = 0; c < y.size(); ++c) {
        double sum = 0, size = 0;
        for (std::size_t r = 0; r < weights.size(); ++r) {
          const double part = static_cast<double>(elements[r * y.size() + c]) * weights[r];
          sum += part, size += std::abs(part);
        }
        CAPTURE(paa::to_string(type), columns, c);
        CHECK(std::abs(y[c] - sum) <= kRounding * size);
      }
    }
  }
}

TEST_CASE("what has no product is refused by its name") {
  const Stored integers(DType::kI32, 2, 3, 1), floats(DType::kF32, 2, 3, 1), halves(DType::kF16, 2, 4, 1);
  CHECK_THAT(error_of(ErrorCode::kUnsupported, [&] { paa::stored_matrix(integers, "m", 2, 3); }), Contains("I32"));
  CHECK_THAT(error_of(ErrorCode::kMismatch, [&] { paa::stored_matrix(floats, "m", 3, 2); }), Contains("[2, 3]"));
  error_of(ErrorCode::kNotFound, [&] { paa::stored_matrix(floats, "n", 2, 3); });
  const auto matrix = paa::stored_matrix(halves, "m", 2, 4);
  std::vector<float> weights(2), y(4);
  CHECK_THAT(error_of(ErrorCode::kUnsupported, [&] { paa::add_rows(matrix, weights.data(), y.data()); }), Contains("F16"));
}
