#pragma once
// The selective fusion module of P-MLLM: lets vision into a frozen LLM's hidden states through a gate that has read the
// profile. After arXiv 2604.17233; a reconstruction, not paper-verified, modelled on Flamingo's gated cross-attention
// (identity at the start), Slow-Fast MLLM's token-wise dynamic gate, mPLUG-Owl3's hyper-attention (a gate from the hidden
// state) and Persistent Visual Memory (bottleneck width).

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cmath>
#include <cstdint>
#include <utility>

#include "paa/core/error.h"
#include "paa/nn/rms_norm.h"

namespace paa::nn {

/// How many gates a token has. kNone: no gate (all of c passes); kScalar: one; kHead: one per head; kChannel: one per
/// channel of the attention's output.
enum class GateGranularity { kNone, kScalar, kHead, kChannel };

/// kRelative scales the update by rms(h), which grows from 1.5 to 28 over the depth; kAbsolute does not.
enum class UpdateKind { kAbsolute, kRelative };

/// Sizes of the module, what its gate reads, and how its update is scaled.
struct SelectiveFusionOptions {
  std::int64_t hidden_width = 576;   ///< D: the LLM's residual stream
  std::int64_t vision_width = 1280;  ///< D_v: a vision token
  std::int64_t width = 64;           ///< d_f: all heads together; a multiple of heads
  std::int64_t heads = 4;
  bool gate_reads_hidden = true;
  bool gate_reads_visual = true;
  bool gate_reads_profile = true;
  GateGranularity granularity = GateGranularity::kHead;
  UpdateKind update = UpdateKind::kRelative;
};

/// Every RMSNorm inside is weightless with this epsilon.
inline constexpr double kFusionEpsilon = 1e-5;

/// Vision tokens as the module reads them: each channel standardised with fixed statistics, then RMSNorm. tokens: (B, N,
/// D_v); mean, scale: (D_v). method.md, n(F).
inline at::Tensor normalise_vision(const at::Tensor& tokens, const at::Tensor& mean, const at::Tensor& scale) {
  return rms_norm((tokens - mean) / scale, kFusionEpsilon);
}

/// The profile state p of one layer: state (B, D), the mean hidden state over the profile's tokens; mean, scale (D): the
/// same over the training profiles. Without this standardisation profiles are not told apart (cosine .994).
inline at::Tensor normalise_profile(const at::Tensor& state, const at::Tensor& mean, const at::Tensor& scale) {
  return ((rms_norm(state, kFusionEpsilon) - mean) / scale).clamp(-3, 3);
}

/// Keys and values of a photo's vision tokens for one fusion layer: (B, heads, N, d_f / heads). They depend on the photo only.
struct VisionKeyValues {
  at::Tensor keys, values;
};

/// h <- h + tanh(beta) * [rms(h)] * W_o (g * c), with c = MultiHead(W_q u, W_k F, W_v F), u = RMSNorm(h) and the gate
/// g = sigmoid(W_gu u + W_gc RMSNorm(c) + W_gp p + b). beta starts at 0 (the identity), W_o does not. A torch::nn::Module
/// that drops into any libtorch model; forward is thread-safe while nobody trains it.
class SelectiveFusionImpl : public torch::nn::Module {
 public:
  /// Error: kInvalidArgument if heads does not divide width or a width is not positive.
  explicit SelectiveFusionImpl(const SelectiveFusionOptions& options) : options_(options) {
    const auto& o = options_;
    if (o.heads < 1 || o.width < 1 || o.hidden_width < 1 || o.vision_width < 1 || o.width % o.heads != 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("fusion width {} must be a positive multiple of its {} heads", o.width, o.heads));
    }
    query = matrix("query", o.width, o.hidden_width);
    key = matrix("key", o.width, o.vision_width);
    value = matrix("value", o.width, o.vision_width);
    output = matrix("output", o.hidden_width, o.width);
    if (const std::int64_t gates = gate_count(); gates > 0) {
      gate_bias = register_parameter("gate_bias", at::zeros({gates}));
      if (o.gate_reads_hidden) gate_hidden = gate("gate_hidden", gates, o.hidden_width);
      if (o.gate_reads_visual) gate_visual = gate("gate_visual", gates, o.width);
      if (o.gate_reads_profile) gate_profile = gate("gate_profile", gates, o.hidden_width);
    }
    beta = register_parameter("beta", at::zeros({1}));
  }

  /// The options it was built with.
  const SelectiveFusionOptions& options() const noexcept { return options_; }

  /// vision: (B, N, D_v) as of normalise_vision().
  VisionKeyValues project(const at::Tensor& vision) const {
    return {split(at::linear(vision, key)), split(at::linear(vision, value))};
  }

  /// hidden: (B, T, D) float, suffix tokens only; profile: (B or 1, D) as of normalise_profile(), unread if
  /// the gate does not read it; vision: of B or 1 photos; keep: (B or 1, N) bool of the vision tokens that may be seen, or undefined;
  /// dropout: (B, T, d_f) factors on what passes the gate (training's 0 or 1 / (1 - p)), or undefined.
  at::Tensor forward(const at::Tensor& hidden, const at::Tensor& profile, const VisionKeyValues& vision,
                     const at::Tensor& keep = {}, const at::Tensor& dropout = {}) const {
    const at::Tensor u = rms_norm(hidden, kFusionEpsilon);
    at::Tensor passed = gated(attend(u, vision, keep), u, profile);
    if (dropout.defined()) passed = passed * dropout;
    at::Tensor update = at::linear(passed, output);
    if (options_.update == UpdateKind::kRelative) update = update * root_mean_square(hidden.detach());
    return hidden + at::tanh(beta) * update;
  }

  /// The gate's values in [0, 1]: (B, T, gates), gates = 1, heads or width. For inspection and tests; arguments as of
  /// forward(). Error: kInvalidArgument if the granularity is kNone.
  at::Tensor gates(const at::Tensor& hidden, const at::Tensor& profile, const VisionKeyValues& vision) const {
    if (gate_count() == 0) throw Error(ErrorCode::kInvalidArgument, "this fusion module has no gate");
    const at::Tensor u = rms_norm(hidden, kFusionEpsilon);
    return open(attend(u, vision, {}), u, profile);
  }

  at::Tensor query, key, value, output;              ///< (d_f, D), (d_f, D_v), (d_f, D_v), (D, d_f)
  at::Tensor gate_hidden, gate_visual, gate_profile;  ///< (gates, D), (gates, d_f), (gates, D); undefined where not read
  at::Tensor gate_bias;                               ///< (gates)
  at::Tensor beta;                                    ///< (1)

 private:
  std::int64_t gate_count() const {
    switch (options_.granularity) {
      case GateGranularity::kNone: return 0;
      case GateGranularity::kScalar: return 1;
      case GateGranularity::kHead: return options_.heads;
      case GateGranularity::kChannel: return options_.width;
    }
    return 0;
  }

  // The uniform start of torch::nn::Linear.
  at::Tensor matrix(const char* name, std::int64_t out, std::int64_t in) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(in));
    return register_parameter(name, (at::rand({out, in}) * 2 - 1) * bound);
  }

  at::Tensor gate(const char* name, std::int64_t out, std::int64_t in) {
    return register_parameter(name, at::randn({out, in}) * 0.01);
  }

  at::Tensor split(const at::Tensor& x) const {  // (B, N, d_f) -> (B, heads, N, d_h)
    return x.view({x.size(0), x.size(1), options_.heads, -1}).transpose(1, 2);
  }

  // c, heads side by side: (B, T, d_f)
  at::Tensor attend(const at::Tensor& u, const VisionKeyValues& vision, const at::Tensor& keep) const {
    const at::Tensor queries = split(at::linear(u, query));
    at::Tensor scores = at::matmul(queries, vision.keys.transpose(-1, -2)) / std::sqrt(static_cast<double>(queries.size(-1)));
    if (keep.defined()) scores = scores.masked_fill(keep.logical_not().unsqueeze(1).unsqueeze(1), kUnseen);
    return at::matmul(at::softmax(scores, -1), vision.values).transpose(1, 2).flatten(2);
  }

  at::Tensor open(const at::Tensor& seen, const at::Tensor& u, const at::Tensor& profile) const {
    at::Tensor z = gate_bias;
    if (gate_hidden.defined()) z = z + at::linear(u, gate_hidden);
    if (gate_visual.defined()) z = z + at::linear(rms_norm(seen, kFusionEpsilon), gate_visual);
    if (gate_profile.defined()) z = z + at::linear(profile, gate_profile).unsqueeze(1);
    return at::sigmoid(z).expand({seen.size(0), seen.size(1), -1});
  }

  at::Tensor gated(const at::Tensor& seen, const at::Tensor& u, const at::Tensor& profile) const {
    if (gate_count() == 0) return seen;
    const at::Tensor g = open(seen, u, profile);
    if (options_.granularity == GateGranularity::kChannel) return seen * g;
    return (seen.view({seen.size(0), seen.size(1), g.size(2), -1}) * g.unsqueeze(-1)).flatten(2);
  }

  static constexpr float kUnseen = -1e9F;

  SelectiveFusionOptions options_;
};

TORCH_MODULE(SelectiveFusion);

}  // namespace paa::nn
