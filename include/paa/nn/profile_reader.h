#pragma once
// What a gate reads of a profile beyond its mean state: attention over the profile's tokens with signed weights.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/tanh.h>
#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cmath>
#include <cstdint>

#include "paa/core/error.h"

namespace paa::nn {

/// p = scale * sum over tokens t of tanh(A x_t) * (R x_t): each of H heads weighs every token between -1 and 1 and sums
/// what it reads of it, width / H numbers. The mean state of a text forgets which of its things are liked and which are
/// not ("I love dogs. I hate cars."); a sum with signs need not. This project's own, modelled on attention pooling (Set
/// Transformer, Lee et al. 2019) with tanh in place of softmax. forward is thread-safe while nobody trains it.
class ProfileReaderImpl : public torch::nn::Module {
 public:
  /// Keeps the sum of a sentence's tokens near 1 at the start.
  static constexpr double kScale = 0.2;

  /// Error: kInvalidArgument if heads does not divide width or one is not positive.
  ProfileReaderImpl(std::int64_t hidden_width, std::int64_t heads, std::int64_t width) : heads_(heads), width_(width) {
    if (heads < 1 || width < 1 || width % heads != 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("a profile reader's width {} must be a positive multiple of its {} heads", width, heads));
    }
    const double bound = 1 / std::sqrt(static_cast<double>(hidden_width));
    attend = register_parameter("attend", (at::rand({heads, hidden_width}) * 2 - 1) * bound);
    read = register_parameter("read", (at::rand({width, hidden_width}) * 2 - 1) * bound);
  }

  std::int64_t width() const noexcept { return width_; }

  /// tokens: (B, S, D) as of normalise_profile(); present: (B, S) float, 0 for padding, or undefined. Gives (B, width).
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& present = {}) const {
    at::Tensor weight = at::tanh(at::linear(tokens, attend));
    if (present.defined()) weight = weight * present.unsqueeze(-1);
    const at::Tensor seen = at::linear(tokens, read).view({tokens.size(0), tokens.size(1), heads_, -1});
    return (weight.unsqueeze(-1) * seen).sum(1).flatten(1) * kScale;
  }

  at::Tensor attend, read;  ///< A: (heads, D), R: (width, D)

 private:
  std::int64_t heads_, width_;
};

TORCH_MODULE(ProfileReader);

}  // namespace paa::nn
