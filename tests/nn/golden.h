#pragma once
// Golden values as tensors, and how far a tensor is from them.

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "catch.h"
#include "lite0_model.h"
#include "paa/core/json.h"

/// Nested arrays of numbers as a double tensor of the same shape.
inline at::Tensor tensor(const paa::Json& json) {
  std::vector<std::int64_t> shape;
  for (const paa::Json* level = &json; level->is_array(); level = &level->front()) {
    shape.push_back(static_cast<std::int64_t>(level->size()));
  }
  std::vector<double> values;
  const auto collect = [&values](const paa::Json& value, const auto& self) -> void {
    if (!value.is_array()) return values.push_back(value.get<double>());
    for (const paa::Json& item : value) self(item, self);
  };
  collect(json, collect);
  return at::tensor(values, at::kDouble).view(shape);
}

inline double largest_error(const at::Tensor& value, const at::Tensor& expected) {
  REQUIRE(value.sizes() == expected.sizes());
  return (value.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
}

/// The norm of the difference over the norm of the expected values.
inline double relative_error(const at::Tensor& value, const at::Tensor& expected) {
  REQUIRE(value.sizes() == expected.sizes());
  return ((value.to(at::kDouble) - expected.to(at::kDouble)).norm() / expected.to(at::kDouble).norm()).item<double>();
}

/// A file of the model that golden values were made with, or an empty path and a warning where it is not installed.
inline std::filesystem::path golden_model_file(const std::string& name) {
  const auto path = lite0_folder() / name;
  if (std::filesystem::exists(path)) return path;
  WARN("skipped: " << path.string() << " is absent; run sh examples/quickstart.sh once");
  return {};
}
