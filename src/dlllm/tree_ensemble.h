#pragma once
// Gradient-boosted regression trees (Friedman 2001), by XGBoost (Chen & Guestrin 2016).

#include <memory>
#include <span>
#include <vector>

#include "paa/dlllm/features.h"

namespace paa {

/// A fitted ensemble. predict is thread-safe.
class TreeEnsemble {
 public:
  /// Whether this library was built with XGBoost.
  static bool available() noexcept;

  /// `targets`: one a row, about 0 on average. Errors: kUnsupported (built without XGBoost), kInternal (XGBoost's own).
  TreeEnsemble(const FeatureRows& rows, std::span<const float> targets);
  TreeEnsemble(TreeEnsemble&&) noexcept;
  TreeEnsemble& operator=(TreeEnsemble&&) noexcept;
  ~TreeEnsemble();

  std::vector<float> predict(const FeatureRows& rows) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
