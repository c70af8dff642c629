#pragma once
// Lets a photo into a frozen LLM's hidden states as far as it is what a person says they like or dislike.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cmath>
#include <cstdint>

#include "paa/core/error.h"
#include "paa/nn/profile_reader.h"
#include "paa/nn/rms_norm.h"

namespace paa::nn {

/// Sizes of the module and of its reader.
struct TasteFusionOptions {
  std::int64_t vision_width = 1280;  ///< D_v: a vision token
  std::int64_t width = 64;           ///< d_t: dimensions in which tastes and photos are compared
  ProfileReaderOptions reader;
};

/// A photo as tastes see it: the mean over its tokens. tokens: (B, N, D_v) as of normalise_vision(); keep: (B, N) bool
/// of the tokens that are no padding, or undefined. Gives (B, D_v).
inline at::Tensor pool_vision(const at::Tensor& tokens, const at::Tensor& keep = {}) {
  if (!keep.defined()) return tokens.mean(1);
  const at::Tensor present = keep.to(tokens.scalar_type()).unsqueeze(-1);
  return (tokens * present).sum(1) / present.sum(1);
}

/// m = (P reader(profile)) . (V photo) / sqrt(d_t), the match: above 0 the photo is what the person likes, below 0 what
/// they dislike, in points on a scale of 1 to 7 once trained. h <- h + m * rms(h) * o moves all tokens of the suffix
/// along one learned direction. A profile that states no taste has taste 0: nothing moves, the score is the generic
/// one. o starts at 0 (the identity).
///
/// This project's own, beside the selective fusion of P-MLLM, whose gates open between 0 and 1 and cannot turn a like
/// into a dislike. The match is a low-rank bilinear form between text and image (as in DeViSE, Frome et al. 2013). A
/// torch::nn::Module; const members are thread-safe while nobody trains it.
class TasteFusionImpl : public torch::nn::Module {
 public:
  /// Error: kInvalidArgument if a width is not positive; those of ProfileReader.
  explicit TasteFusionImpl(const TasteFusionOptions& options) : options_(options) {
    const auto& o = options_;
    if (o.vision_width < 1 || o.width < 1) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the width {} of a taste fusion must be positive", o.width));
    }
    reader = register_module("reader", ProfileReader(o.reader));
    profile = matrix("profile", o.width, o.reader.reading);
    photo = matrix("photo", o.width, o.vision_width);
    output = register_parameter("output", at::zeros({o.reader.hidden_width}));
  }

  /// The sizes it was built with.
  const TasteFusionOptions& options() const noexcept { return options_; }

  /// What profiles state: (B, d_t). Arguments as of ProfileReader::forward().
  at::Tensor taste(const at::Tensor& tokens, const at::Tensor& present = {}) const {
    return at::linear(reader->forward(tokens, present), profile);
  }

  /// What photos have: (B, d_t). pooled: (B, D_v) as of pool_vision().
  at::Tensor look(const at::Tensor& pooled) const { return at::linear(pooled, photo); }

  /// m of pairs: (B). tastes, looks: (B or 1, d_t).
  at::Tensor match(const at::Tensor& tastes, const at::Tensor& looks) const {
    return (tastes * looks).sum(-1) * factor();
  }

  /// m of every taste with every photo: (B, C). tastes: (B, d_t), looks: (C, d_t).
  at::Tensor match_all(const at::Tensor& tastes, const at::Tensor& looks) const {
    return at::linear(tastes, looks) * factor();
  }

  /// hidden: (B, T, D) float; match: (B). Same shape back.
  at::Tensor forward(const at::Tensor& hidden, const at::Tensor& match) const {
    return hidden + match.view({-1, 1, 1}) * root_mean_square(hidden.detach()) * output;
  }

  ProfileReader reader{nullptr};
  at::Tensor profile, photo;  ///< P: (d_t, R), V: (d_t, D_v)
  at::Tensor output;          ///< o: (D)

 private:
  double factor() const { return 1 / std::sqrt(static_cast<double>(options_.width)); }

  // The uniform start of torch::nn::Linear.
  at::Tensor matrix(const char* name, std::int64_t out, std::int64_t in) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(in));
    return register_parameter(name, (at::rand({out, in}) * 2 - 1) * bound);
  }

  TasteFusionOptions options_;
};

TORCH_MODULE(TasteFusion);

}  // namespace paa::nn
