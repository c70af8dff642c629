#include "tree_ensemble.h"

#include <fmt/format.h>

#ifdef PAA_WITH_XGBOOST
#include <xgboost/c_api.h>
#endif

#include <array>
#include <mutex>
#include <utility>

#include "paa/core/error.h"

namespace paa {

#ifdef PAA_WITH_XGBOOST

namespace {

// For 5 to a few hundred ratings by one person: trees that ask two questions at most, each adding little; a leaf speaks
// for no fewer than three ratings, and half of what it says is held back until it has five. A quarter of the columns a
// tree: hundreds of deep features say nearly the same.
constexpr int kTrees = 60;
constexpr std::array<std::pair<const char*, const char*>, 12> kSettings = {{{"booster", "gbtree"},
                                                                            {"objective", "reg:squarederror"},
                                                                            {"tree_method", "exact"},
                                                                            {"base_score", "0"},
                                                                            {"max_depth", "2"},
                                                                            {"eta", "0.1"},
                                                                            {"lambda", "5"},
                                                                            {"min_child_weight", "3"},
                                                                            {"colsample_bytree", "0.25"},
                                                                            {"nthread", "1"},
                                                                            {"seed", "0"},
                                                                            {"verbosity", "0"}}};

void check(int status) {
  if (status != 0) throw Error(ErrorCode::kInternal, fmt::format("XGBoost: {}", XGBGetLastError()));
}

class Matrix {
 public:
  explicit Matrix(const FeatureRows& rows) {
    const std::string array =
        fmt::format(R"({{"data": [{}, true], "shape": [{}, {}], "typestr": "<f4", "version": 3}})",
                    reinterpret_cast<std::uintptr_t>(rows.values.data()), rows.rows(), rows.columns);
    check(XGDMatrixCreateFromDense(array.c_str(), R"({"missing": NaN, "nthread": 1})", &handle_));
  }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  ~Matrix() { XGDMatrixFree(handle_); }

  DMatrixHandle handle() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

}  // namespace

struct TreeEnsemble::Impl {
  BoosterHandle booster = nullptr;
  mutable std::mutex predicting;

  explicit Impl(const Matrix& matrix) {
    const DMatrixHandle handle = matrix.handle();
    check(XGBoosterCreate(&handle, 1, &booster));
  }
  ~Impl() { XGBoosterFree(booster); }
};

bool TreeEnsemble::available() noexcept { return true; }

TreeEnsemble::TreeEnsemble(const FeatureRows& rows, std::span<const float> targets) {
  const Matrix matrix(rows);
  check(XGDMatrixSetFloatInfo(matrix.handle(), "label", targets.data(), targets.size()));
  impl_ = std::make_unique<Impl>(matrix);
  for (const auto& [name, value] : kSettings) check(XGBoosterSetParam(impl_->booster, name, value));
  for (int i = 0; i < kTrees; ++i) check(XGBoosterUpdateOneIter(impl_->booster, i, matrix.handle()));
}

std::vector<float> TreeEnsemble::predict(const FeatureRows& rows) const {
  if (rows.rows() == 0) return {};
  const Matrix matrix(rows);
  const std::lock_guard lock(impl_->predicting);
  bst_ulong count = 0;
  const float* values = nullptr;
  check(XGBoosterPredict(impl_->booster, matrix.handle(), 0, 0, 0, &count, &values));
  return {values, values + count};
}

#else

struct TreeEnsemble::Impl {};

bool TreeEnsemble::available() noexcept { return false; }

TreeEnsemble::TreeEnsemble(const FeatureRows&, std::span<const float>) {
  throw Error(ErrorCode::kUnsupported, "this library was built without XGBoost");
}

std::vector<float> TreeEnsemble::predict(const FeatureRows&) const { return {}; }

#endif

TreeEnsemble::TreeEnsemble(TreeEnsemble&&) noexcept = default;
TreeEnsemble& TreeEnsemble::operator=(TreeEnsemble&&) noexcept = default;
TreeEnsemble::~TreeEnsemble() = default;

}  // namespace paa
