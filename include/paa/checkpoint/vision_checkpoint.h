#pragma once
// A frozen vision encoder on disk: a safetensors file that says in its metadata what it holds.

#include "paa/checkpoint/weight_source.h"

namespace paa {

/// EfficientNet-Lite (a TensorFlow port): 0 reads 224 px, 1 reads 240 px, 2 reads 260 px.
struct EfficientNetLiteConfig {
  int variant = 0;  ///< 0..2
};

/// A vision encoder. Its tensors keep the names of the PyTorch package `efficientnet_lite_pytorch` (_conv_stem.weight,
/// _bn0.running_mean, _blocks.N._expand_conv.weight, _conv_head.weight, _fc.weight ...). Immutable; const access is
/// thread-safe.
class VisionCheckpoint {
 public:
  /// `path`: the safetensors file, or a folder holding `vision.safetensors`. Its `__metadata__` must have the key
  /// "paa.vision" with the JSON text {"family": "efficientnet_lite", "variant": 0}. Errors: those of Safetensors::open;
  /// kBadFormat (metadata missing, of a wrong type or with unknown fields), kUnsupported (family, variant), kMismatch
  /// (the tensors are those of another variant).
  static VisionCheckpoint open(const std::filesystem::path& path);

  /// Which variant the file says it is.
  const EfficientNetLiteConfig& config() const noexcept { return config_; }
  /// The tensors of that variant; lives as long as this object.
  const WeightSource& weights() const noexcept { return *weights_; }

 private:
  VisionCheckpoint(EfficientNetLiteConfig config, std::unique_ptr<WeightSource> weights)
      : config_(config), weights_(std::move(weights)) {}

  EfficientNetLiteConfig config_;
  std::unique_ptr<WeightSource> weights_;
};

}  // namespace paa
