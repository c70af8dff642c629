#include "inner_products.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

#include "core/instruction_set.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define PAA_X86 1
#endif

namespace paa {
namespace {

constexpr int kMost = 8;
using Pointers = std::array<const float*, kMost>;
using Sums = std::array<std::array<double, kMost>, kMost>;

using Four [[gnu::vector_size(16)]] = float;
using Eight [[gnu::vector_size(32)]] = float;
using Sixteen [[gnu::vector_size(64)]] = float;

template <class Lanes>
[[gnu::always_inline]] inline double joined(const Lanes& lanes) {
  if constexpr (sizeof(Lanes) == sizeof(Four)) {
    return (static_cast<double>(lanes[0]) + static_cast<double>(lanes[2])) +
           (static_cast<double>(lanes[1]) + static_cast<double>(lanes[3]));
  } else {
    using Half = std::conditional_t<sizeof(Lanes) == sizeof(Sixteen), Eight, Four>;
    Half low, high;
    std::memcpy(&low, &lanes, sizeof(Half));
    std::memcpy(&high, reinterpret_cast<const char*>(&lanes) + sizeof(Half), sizeof(Half));
    return joined<Half>(low + high);
  }
}

// All sums of `tall` rows with `wide` others; they stay in registers. Inlined, so that it is compiled for the processor
// that the caller is for.
template <class Lanes, int tall, int wide>
[[gnu::always_inline]] inline void tile(const Pointers& left, const Pointers& right, Eigen::Index columns, Sums& sums) {
  constexpr Eigen::Index lanes = sizeof(Lanes) / sizeof(float);
  Lanes partial[tall][wide] = {};
  Eigen::Index k = 0;
  for (; k + lanes <= columns; k += lanes) {
    Lanes a[tall], b[wide];
    for (int i = 0; i < tall; ++i) std::memcpy(&a[i], left[i] + k, sizeof(Lanes));
    for (int j = 0; j < wide; ++j) std::memcpy(&b[j], right[j] + k, sizeof(Lanes));
    for (int i = 0; i < tall; ++i) {
      for (int j = 0; j < wide; ++j) partial[i][j] += a[i] * b[j];
    }
  }
  for (int i = 0; i < tall; ++i) {
    for (int j = 0; j < wide; ++j) {
      double sum = joined(partial[i][j]);
      for (Eigen::Index rest = k; rest < columns; ++rest)
        sum += static_cast<double>(left[i][rest]) * static_cast<double>(right[j][rest]);
      sums[i][j] = sum;
    }
  }
}

struct Tile {
  int tall, wide;
  void (*run)(const Pointers& left, const Pointers& right, Eigen::Index columns, Sums& sums);
};

// For many rows, and for a single one on the right.
struct Tiles {
  Tile many, one;
};

void many(const Pointers& a, const Pointers& b, Eigen::Index n, Sums& sums) { tile<Four, 4, 2>(a, b, n, sums); }
void one(const Pointers& a, const Pointers& b, Eigen::Index n, Sums& sums) { tile<Four, 8, 1>(a, b, n, sums); }

#ifdef PAA_X86
[[gnu::target("avx2,fma")]] void many_avx2(const Pointers& a, const Pointers& b, Eigen::Index n, Sums& sums) {
  tile<Eight, 4, 2>(a, b, n, sums);
}
[[gnu::target("avx2,fma")]] void one_avx2(const Pointers& a, const Pointers& b, Eigen::Index n, Sums& sums) {
  tile<Eight, 8, 1>(a, b, n, sums);
}
[[gnu::target("avx512f")]] void many_avx512(const Pointers& a, const Pointers& b, Eigen::Index n, Sums& sums) {
  tile<Sixteen, 4, 4>(a, b, n, sums);
}
[[gnu::target("avx512f")]] void one_avx512(const Pointers& a, const Pointers& b, Eigen::Index n, Sums& sums) {
  tile<Sixteen, 8, 1>(a, b, n, sums);
}
#endif

const Tiles& tiles() {
  static const Tiles best = [] {
#ifdef PAA_X86
    switch (instruction_set()) {
      case InstructionSet::kAvx512: return Tiles{{4, 4, many_avx512}, {8, 1, one_avx512}};
      case InstructionSet::kAvx2: return Tiles{{4, 2, many_avx2}, {8, 1, one_avx2}};
      case InstructionSet::kPlain: break;
    }
#endif
    return Tiles{{4, 2, many}, {8, 1, one}};
  }();
  return best;
}

// Rows from `first` on; beyond the last one, that one again.
Pointers rows_from(const FloatRowsView& rows, Eigen::Index first) {
  Pointers pointers;
  for (int i = 0; i < kMost; ++i)
    pointers[static_cast<std::size_t>(i)] = rows.data() + std::min(first + i, rows.rows() - 1) * rows.outerStride();
  return pointers;
}

// `half`: what is far above the diagonal is left out.
void fill(const FloatRowsView& a, const FloatRowsView& b, bool half, Eigen::MatrixXd& result) {
  const Tile& tile = b.rows() == 1 ? tiles().one : tiles().many;
  Sums sums{};
  for (Eigen::Index i = 0; i < a.rows(); i += tile.tall) {
    const Pointers left = rows_from(a, i);
    const Eigen::Index end = half ? std::min(i + tile.tall, b.rows()) : b.rows();
    for (Eigen::Index j = 0; j < end; j += tile.wide) {
      tile.run(left, rows_from(b, j), a.cols(), sums);
      for (Eigen::Index x = j; x < std::min(j + tile.wide, b.rows()); ++x) {
        for (Eigen::Index y = i; y < std::min(i + tile.tall, a.rows()); ++y)
          result(y, x) = sums[static_cast<std::size_t>(y - i)][static_cast<std::size_t>(x - j)];
      }
    }
  }
}

}  // namespace

Eigen::MatrixXd inner_products(const FloatRowsView& a, const FloatRowsView& b) {
  Eigen::MatrixXd result(a.rows(), b.rows());
  fill(a, b, false, result);
  return result;
}

Eigen::MatrixXd inner_products(const FloatRowsView& a) {
  Eigen::MatrixXd result(a.rows(), a.rows());
  fill(a, a, true, result);
  result.triangularView<Eigen::StrictlyUpper>() = result.transpose();
  return result;
}

}  // namespace paa
