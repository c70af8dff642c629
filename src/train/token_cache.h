#pragma once
// The vision tokens of a data set's photos and of their augmented views, computed once and mapped from disk.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "paa/core/progress.h"
#include "paa/nn/efficientnet_lite.h"
#include "paa/pmllm/fusion_file.h"

namespace paa {

/// A photo to encode and how many views of it: 0 the photo itself, 1 mirrored, from 2 on crops of 80 to 100 % of each
/// side, the odd ones mirrored.
struct ViewedPhoto {
  std::filesystem::path file;
  int views = 1;
};

/// The view as pixels for the encoder. The crop is drawn from the view's number and `photo` alone.
Image photo_view(const Image& image, const PhotoPolicy& policy, std::uint32_t photo, int view);

/// A safetensors file with "tokens" (rows, N, D_v) in half precision, one row a view, photos in order, and "counts"
/// (rows), the tokens that are no padding. Half precision costs 5e-4 of a value, and half of the disk. Immutable;
/// const access is thread-safe.
class TokenCache {
 public:
  /// Opens `file` if it holds just these views, encoder and policy; makes it otherwise, whole or not at all. `progress`
  /// counts photos. Errors: those of read_image, naming the photo; kIo; kCancelled.
  static TokenCache prepare(const std::filesystem::path& file, std::span<const ViewedPhoto> photos,
                            const PhotoPolicy& policy, const nn::EfficientNetLite& vision,
                            const std::string& vision_sha256, const Progress& progress, const Cancel* cancel);

  /// The row of a photo's view.
  std::int64_t row(std::uint32_t photo, int view) const { return first_row_[photo] + view; }
  int views(std::uint32_t photo) const { return static_cast<int>(first_row_[photo + 1] - first_row_[photo]); }

  std::int64_t max_tokens() const { return tokens_.size(1); }

  /// rows: (B) int64. (B, N, D_v) float.
  at::Tensor tokens(const at::Tensor& rows) const;
  /// rows: (B) int64. (B, N) bool: true where a token is no padding.
  at::Tensor present(const at::Tensor& rows) const;

  /// Mean and unbiased deviation + 1e-3 of each channel over all tokens of view 0 of some photos, each (D_v) float.
  std::pair<at::Tensor, at::Tensor> statistics(std::span<const std::uint32_t> photos) const;

 private:
  TokenCache(at::Tensor tokens, at::Tensor counts, std::vector<std::int64_t> first_row)
      : tokens_(std::move(tokens)), counts_(std::move(counts)), first_row_(std::move(first_row)) {}

  at::Tensor tokens_, counts_;
  std::vector<std::int64_t> first_row_;
};

}  // namespace paa
