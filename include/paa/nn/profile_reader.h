#pragma once
// What a text about a person says, read off a frozen LLM's hidden states: one layer that looks both ways, then
// attention pooling with signed weights.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>
#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cmath>
#include <cstdint>

#include "paa/core/error.h"
#include "paa/nn/rms_norm.h"

namespace paa::nn {

/// Sizes of the reader.
struct ProfileReaderOptions {
  std::int64_t hidden_width = 576;  ///< D: the LLM's residual stream
  std::int64_t width = 128;         ///< w: of the layer that looks both ways; a multiple of heads
  std::int64_t heads = 4;           ///< of its self-attention
  std::int64_t pools = 8;           ///< weighted sums over the tokens
  std::int64_t reading = 256;       ///< R: what comes out, all pools together; a multiple of pools
};

/// x = E h; x += O MHA(RMSNorm(x)) over all tokens; x += C relu(W RMSNorm(x));
/// reading = scale * sum over tokens t of tanh(A x_t) * (B x_t + G h_t), each pool with its own weights and R / pools
/// numbers.
///
/// A causal LLM's state of "dogs" in "Dogs put me off." does not know yet that they are disliked, hence a layer that
/// looks both ways (a pre-norm Transformer layer, Vaswani et al. 2017). And the mean state of a text forgets which of
/// its things are liked and which are not; a sum with signs need not (attention pooling as in Lee et al. 2019, tanh in
/// place of softmax). This project's own. forward is thread-safe while nobody trains it.
class ProfileReaderImpl : public torch::nn::Module {
 public:
  /// Keeps the sum of a sentence's tokens near 1 at the start.
  static constexpr double kScale = 0.2;
  static constexpr double kEpsilon = 1e-5;

  /// Error: kInvalidArgument if a width is not positive or no multiple of what shares it.
  explicit ProfileReaderImpl(const ProfileReaderOptions& options) : options_(options) {
    const auto& o = options_;
    if (o.hidden_width < 1 || o.heads < 1 || o.pools < 1 || o.width < 1 || o.reading < 1 || o.width % o.heads != 0 ||
        o.reading % o.pools != 0) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("a profile reader's width {} must be a positive multiple of its {} heads, and its reading "
                      "{} one of its {} pools",
                      o.width, o.heads, o.reading, o.pools));
    }
    embed = matrix("embed", o.width, o.hidden_width);
    query = matrix("query", o.width, o.width);
    key = matrix("key", o.width, o.width);
    value = matrix("value", o.width, o.width);
    output = matrix("output", o.width, o.width);
    widen = matrix("widen", 2 * o.width, o.width);
    narrow = matrix("narrow", o.width, 2 * o.width);
    attend = matrix("attend", o.pools, o.width);
    read = matrix("read", o.reading, o.width);
    read_hidden = matrix("read_hidden", o.reading, o.hidden_width);
  }

  /// The sizes it was built with.
  const ProfileReaderOptions& options() const noexcept { return options_; }

  /// tokens: (B, S, D) as of normalise_profile(); present: (B, S) float, 0 for padding, or undefined. Gives (B, R).
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& present = {}) const {
    at::Tensor x = at::linear(tokens, embed);
    x = x + look_both_ways(rms_norm(x, kEpsilon), present);
    x = x + at::linear(at::relu(at::linear(rms_norm(x, kEpsilon), widen)), narrow);
    at::Tensor weight = at::tanh(at::linear(x, attend));
    if (present.defined()) weight = weight * present.unsqueeze(-1);
    const at::Tensor seen = at::linear(x, read) + at::linear(tokens, read_hidden);
    const at::Tensor by_pool = seen.view({seen.size(0), seen.size(1), options_.pools, -1});
    return (weight.unsqueeze(-1) * by_pool).sum(1).flatten(1) * kScale;
  }

  at::Tensor embed;                      ///< E: (w, D)
  at::Tensor query, key, value, output;  ///< of MHA, and O: (w, w)
  at::Tensor widen, narrow;              ///< W: (2 w, w), C: (w, 2 w)
  at::Tensor attend, read, read_hidden;  ///< A: (pools, w), B: (R, w), G: (R, D)

 private:
  // The uniform start of torch::nn::Linear.
  at::Tensor matrix(const char* name, std::int64_t out, std::int64_t in) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(in));
    return register_parameter(name, (at::rand({out, in}) * 2 - 1) * bound);
  }

  at::Tensor split(const at::Tensor& x) const {  // (B, S, w) -> (B, heads, S, w / heads)
    return x.view({x.size(0), x.size(1), options_.heads, -1}).transpose(1, 2);
  }

  at::Tensor look_both_ways(const at::Tensor& x, const at::Tensor& present) const {
    constexpr float kUnseen = -1e9F;
    const at::Tensor queries = split(at::linear(x, query)), keys = split(at::linear(x, key));
    at::Tensor scores = at::matmul(queries, keys.transpose(-1, -2)) / std::sqrt(static_cast<double>(queries.size(-1)));
    if (present.defined()) scores = scores + ((1 - present) * kUnseen).unsqueeze(1).unsqueeze(1);
    const at::Tensor mixed = at::matmul(at::softmax(scores, -1), split(at::linear(x, value)));
    return at::linear(mixed.transpose(1, 2).flatten(2), output);
  }

  ProfileReaderOptions options_;
};

TORCH_MODULE(ProfileReader);

}  // namespace paa::nn
