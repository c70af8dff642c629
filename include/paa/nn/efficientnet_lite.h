#pragma once
// EfficientNet-Lite 0..2 (Tan & Le 2019; the Lite variants: no squeeze-and-excitation, ReLU6, fixed stem and last stage),
// frozen, with batch norm folded into the convolutions. A TensorFlow port: SAME padding, batch-norm epsilon 1e-3.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "paa/checkpoint/vision_checkpoint.h"
#include "paa/checkpoint/weight_source.h"
#include "paa/core/error.h"
#include "paa/nn/onednn.h"
#include "paa/nn/tensors.h"

namespace paa::nn {

/// A convolution, its batch norm folded in, and (optionally) ReLU6, padded as TensorFlow's SAME. const access is thread-safe.
class FrozenConvolution {
 public:
  /// The sizes of a convolution.
  struct Shape {
    std::int64_t in, out;
    std::int64_t kernel;  ///< odd
    std::int64_t stride;  ///< 1 or 2
    std::int64_t groups;
    bool relu6;
  };

  /// Reads `convolution`.weight (out, in / groups, k, k) and the four statistics of `norm`. Errors: kNotFound, kMismatch.
  FrozenConvolution(const std::shared_ptr<const WeightSource>& weights, const std::string& convolution,
                    const std::string& norm, const Shape& shape)
      : shape_(shape) {
    constexpr double kEpsilon = 1e-3;
    const auto statistic = [&](const char* name) {
      return load_tensor(weights, norm + name, {shape.out}, at::kFloat).to(at::kDouble);
    };
    const at::Tensor factor = statistic(".weight") / (statistic(".running_var") + kEpsilon).sqrt();
    bias_ = (statistic(".bias") - statistic(".running_mean") * factor).to(at::kFloat);
    const at::Tensor kernel = load_tensor(weights, convolution + ".weight",
                                          {shape.out, shape.in / shape.groups, shape.kernel, shape.kernel}, at::kFloat);
    weight_ = (kernel.to(at::kDouble) * factor.view({-1, 1, 1, 1})).to(at::kFloat);
    // With stride 2 SAME pads an even size by one less in front than behind. A kernel with a row and a column of zeros in
    // front and equal padding is the same sum, and saves copying the input into a padded one: 0.4 ms for 1.0 at the
    // largest layer of Lite0.
    if (shape.stride == 2) weight_ = at::constant_pad_nd(weight_, {1, 0, 1, 0});
    packed_ = onednn::available();
    if (packed_) weight_ = onednn::pack_conv2d(weight_, padding(), shape.stride, shape.groups);
  }

  /// x: (B, in, H, W) float; gives (B, out, ceil(H / stride), ceil(W / stride)). No gradient flows.
  at::Tensor operator()(const at::Tensor& x) const {
    const at::Tensor input = shape_.stride == 1 ? x : even_sized(x);
    if (packed_) {
      return onednn::conv2d(input, weight_, bias_, padding(), shape_.stride, shape_.groups,
                            shape_.relu6 ? onednn::Activation::kRelu6 : onednn::Activation::kNone);
    }
    const at::Tensor y = at::conv2d(input, weight_, bias_, shape_.stride, padding(), 1, shape_.groups);
    return shape_.relu6 ? at::clamp(y, 0, 6) : y;
  }

 private:
  std::int64_t padding() const { return (shape_.kernel - 1) / 2; }

  // An odd size is padded by one more in front, which makes it even.
  static at::Tensor even_sized(const at::Tensor& x) {
    const std::int64_t rows = x.size(2) % 2, columns = x.size(3) % 2;
    return rows + columns == 0 ? x : at::constant_pad_nd(x, {columns, 0, rows, 0});
  }

  Shape shape_;
  at::Tensor weight_, bias_;
  bool packed_ = false;
};

/// The whole network. const access is thread-safe.
class EfficientNetLite {
 public:
  static constexpr std::int64_t kChannels = 1280;
  static constexpr std::int64_t kClasses = 1000;
  static constexpr std::int64_t kStride = 32;  ///< pixels per cell of the feature map, each way

  /// Takes the tensors under the names of the published PyTorch weights. Errors: kInvalidArgument (variant), kNotFound, kMismatch.
  EfficientNetLite(const EfficientNetLiteConfig& config, const std::shared_ptr<const WeightSource>& weights)
      : stem_(weights, "_conv_stem", "_bn0", {3, kStemChannels, 3, 2, 1, true}),
        blocks_(load_blocks(scaling(config.variant), weights)),
        head_(weights, "_conv_head", "_bn1", {blocks_.back().out, kChannels, 1, 1, 1, true}),
        class_weight_(load_tensor(weights, "_fc.weight", {kClasses, kChannels}, at::kFloat)),
        class_bias_(load_tensor(weights, "_fc.bias", {kClasses}, at::kFloat)) {}

  /// pixels: (B, 3, H, W) float as (x - 127) / 128. Gives the feature map (B, kChannels, ceil(H / 32), ceil(W / 32)).
  at::Tensor features(const at::Tensor& pixels) const {
    at::Tensor x = stem_(pixels);
    for (const Block& block : blocks_) {
      at::Tensor y = x;
      for (const FrozenConvolution& convolution : block.convolutions) y = convolution(y);
      x = block.residual ? x + y : y;
    }
    return head_(x);
  }

  /// The feature map as vision tokens: (B, N, kChannels), row by row.
  static at::Tensor tokens(const at::Tensor& feature_map) { return feature_map.flatten(2).transpose(1, 2); }

  /// ImageNet logits (B, kClasses) of pooled features (B, kChannels), the mean over the tokens.
  at::Tensor classify(const at::Tensor& pooled) const { return at::linear(pooled, class_weight_, class_bias_); }

 private:
  // The B0 stages; Lite scales width and depth, but neither stem, head nor the depth of the first and last stage.
  struct Stage {
    std::int64_t repeats, kernel, stride, expansion, out;
  };
  static constexpr std::array<Stage, 7> kStages = {{{1, 3, 1, 1, 16},
                                                    {2, 3, 2, 6, 24},
                                                    {2, 5, 2, 6, 40},
                                                    {3, 3, 2, 6, 80},
                                                    {3, 5, 1, 6, 112},
                                                    {4, 5, 2, 6, 192},
                                                    {1, 3, 1, 6, 320}}};
  static constexpr std::int64_t kStemChannels = 32;

  struct Scaling {
    double width, depth;
  };
  struct Block {
    std::vector<FrozenConvolution> convolutions;  // expansion (unless 1), depthwise, projection
    std::int64_t out;
    bool residual;
  };

  static Scaling scaling(int variant) {
    switch (variant) {
      case 0: return {1.0, 1.0};
      case 1: return {1.0, 1.1};
      case 2: return {1.1, 1.2};
      default:
        throw Error(ErrorCode::kUnsupported, fmt::format("EfficientNet-Lite{}: only variants 0, 1 and 2 are supported", variant));
    }
  }

  // Rounded to a multiple of 8, never below 90 % of the wanted width.
  static std::int64_t scaled_channels(std::int64_t channels, double factor) {
    const double wanted = static_cast<double>(channels) * factor;
    const auto rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(wanted + 4) / 8 * 8);
    return static_cast<double>(rounded) < 0.9 * wanted ? rounded + 8 : rounded;
  }

  static std::int64_t scaled_repeats(std::size_t stage, double factor) {
    const std::int64_t repeats = kStages[stage].repeats;
    if (stage == 0 || stage + 1 == kStages.size()) return repeats;
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(repeats) * factor));
  }

  static std::vector<Block> load_blocks(Scaling scaling, const std::shared_ptr<const WeightSource>& weights) {
    std::vector<Block> blocks;
    std::int64_t in = kStemChannels;
    for (std::size_t s = 0; s < kStages.size(); ++s) {
      const Stage& stage = kStages[s];
      const std::int64_t out = scaled_channels(stage.out, scaling.width);
      for (std::int64_t r = 0; r < scaled_repeats(s, scaling.depth); ++r) {
        const std::int64_t stride = r == 0 ? stage.stride : 1;
        blocks.push_back(load_block(weights, blocks.size(), in, out, stage, stride));
        in = out;
      }
    }
    return blocks;
  }

  static Block load_block(const std::shared_ptr<const WeightSource>& weights, std::size_t index, std::int64_t in,
                          std::int64_t out, const Stage& stage, std::int64_t stride) {
    const std::string name = fmt::format("_blocks.{}.", index);
    const std::int64_t wide = in * stage.expansion;
    Block block{{}, out, stride == 1 && in == out};
    if (stage.expansion != 1) {
      block.convolutions.emplace_back(weights, name + "_expand_conv", name + "_bn0",
                                      FrozenConvolution::Shape{in, wide, 1, 1, 1, true});
    }
    block.convolutions.emplace_back(weights, name + "_depthwise_conv", name + "_bn1",
                                    FrozenConvolution::Shape{wide, wide, stage.kernel, stride, wide, true});
    block.convolutions.emplace_back(weights, name + "_project_conv", name + "_bn2",
                                    FrozenConvolution::Shape{wide, out, 1, 1, 1, false});
    return block;
  }

  FrozenConvolution stem_;
  std::vector<Block> blocks_;
  FrozenConvolution head_;
  at::Tensor class_weight_, class_bias_;
};

}  // namespace paa::nn
