#include "token_cache.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "paa/checkpoint/safetensors.h"
#include "paa/core/file.h"
#include "paa/core/ordered_prefetch.h"
#include "paa/core/random.h"
#include "paa/core/sha256.h"
#include "paa/image/decode.h"
#include "paa/nn/tensors.h"
#include "pmllm/frozen_parts.h"

namespace paa {
namespace {

constexpr const char* kKeyName = "paa.vision_tokens";
constexpr std::uint64_t kViewSeed = 0x76696577;  // the same views in every training

std::vector<std::int64_t> first_rows(std::span<const ViewedPhoto> photos) {
  std::vector<std::int64_t> rows{0};
  for (const ViewedPhoto& photo : photos) rows.push_back(rows.back() + photo.views);
  return rows;
}

// What the tokens depend on. Photos by content, so that a moved data set is no new one.
std::string cache_key(std::span<const ViewedPhoto> photos, const PhotoPolicy& policy, const std::string& vision_sha256,
                      const Cancel* cancel) {
  Sha256 hash;
  hash.update("1").update(vision_sha256);
  hash.update(fmt::format("{} {}x{} {} {} {} {}", static_cast<int>(policy.kind), policy.width, policy.height,
                          policy.max_cells, to_string(policy.filter), policy.normalisation.mean[0],
                          policy.normalisation.scale[0]));
  for (const ViewedPhoto& photo : photos) {
    hash.update(fmt::format("{}:{} ", photo.views == 0 ? "" : sha256_file(photo.file, {}, cancel), photo.views));
  }
  return hash.hex();
}

std::vector<Image> all_views(const ViewedPhoto& photo, std::uint32_t index, const PhotoPolicy& policy) {
  std::vector<Image> views;
  if (photo.views == 0) return views;
  const Image decoded = read_image(photo.file);
  for (int view = 0; view < photo.views; ++view) views.push_back(photo_view(decoded, policy, index, view));
  return views;
}

// (N, D_v) half, padded to `most` tokens.
at::Tensor encode(const Image& image, const PhotoPolicy& policy, const nn::EfficientNetLite& vision, std::int64_t most,
                  std::int32_t& count) {
  std::vector<float> pixels = to_nchw({&image, 1}, policy.normalisation);
  const at::Tensor input = at::from_blob(pixels.data(), {1, 3, image.height, image.width}, at::kFloat);
  const at::Tensor tokens = nn::EfficientNetLite::tokens(vision.features(input)).squeeze(0);
  count = static_cast<std::int32_t>(tokens.size(0));
  return at::constant_pad_nd(tokens, {0, 0, 0, most - tokens.size(0)}).to(at::kHalf).contiguous();
}

std::string_view bytes_of(const at::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

// The tokens are written as they come, because they may be larger than the memory. Counts stand behind them.
std::string file_header(const std::string& key, std::int64_t rows, std::int64_t tokens) {
  const std::int64_t channels = nn::EfficientNetLite::kChannels, split = rows * tokens * channels * 2;
  const Json header = {
      {"__metadata__", {{kKeyName, key}}},
      {"tokens", {{"dtype", "F16"}, {"shape", {rows, tokens, channels}}, {"data_offsets", {0, split}}}},
      {"counts", {{"dtype", "F32"}, {"shape", {rows}}, {"data_offsets", {split, split + rows * 4}}}}};
  std::string text = to_text(header);
  text.append((64 - (text.size() + 8) % 64) % 64, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + text;
}

void make(const std::filesystem::path& file, const std::string& key, std::span<const ViewedPhoto> photos,
          const PhotoPolicy& policy, const nn::EfficientNetLite& vision, const Progress& progress,
          const Cancel* cancel) {
  const c10::InferenceMode guard;
  const std::int64_t rows = first_rows(photos).back(), most = max_photo_tokens(policy);
  AtomicFile out(file);
  out.write(file_header(key, rows, most));
  std::vector<float> counts;
  OrderedPrefetch<std::vector<Image>> decoded(
      photos.size(), [&](std::size_t i) { return all_views(photos[i], static_cast<std::uint32_t>(i), policy); }, 4, 1);
  for (std::size_t i = 0; i < photos.size(); ++i) {
    throw_if_cancelled(cancel);
    const std::vector<Image> views = *decoded.next();
    for (const Image& view : views) {
      std::int32_t count = 0;
      out.write(bytes_of(encode(view, policy, vision, most, count)));
      counts.push_back(static_cast<float>(count));
    }
    if (progress) progress(i + 1, photos.size());
  }
  out.write({reinterpret_cast<const char*>(counts.data()), counts.size() * sizeof(float)});
  out.commit();
}

std::shared_ptr<const Safetensors> open_if_current(const std::filesystem::path& file, const std::string& key) {
  if (!std::filesystem::exists(file)) return nullptr;
  try {
    auto source = std::make_shared<const Safetensors>(Safetensors::open(file));
    const auto found = source->metadata().find(kKeyName);
    if (found != source->metadata().end() && found->second == key) return source;
  } catch (const Error&) {
    // Damaged: made anew.
  }
  return nullptr;
}

}  // namespace

Image photo_view(const Image& image, const PhotoPolicy& policy, std::uint32_t photo, int view) {
  if (view == 0) return fit_photo(image, policy);
  if (view == 1) return mirror(fit_photo(image, policy));
  Random random(kViewSeed, (std::uint64_t{photo} << 32) + static_cast<std::uint64_t>(view));
  const double side = 0.8 + 0.2 * random.uniform();
  const int width = std::max(1, static_cast<int>(image.width * side)),
            height = std::max(1, static_cast<int>(image.height * side));
  const int x = static_cast<int>(random.below(static_cast<std::uint64_t>(image.width - width + 1)));
  const int y = static_cast<int>(random.below(static_cast<std::uint64_t>(image.height - height + 1)));
  Image part = fit_photo(crop(image, x, y, width, height), policy);
  return view % 2 == 1 ? mirror(part) : part;
}

TokenCache TokenCache::prepare(const std::filesystem::path& file, std::span<const ViewedPhoto> photos,
                               const PhotoPolicy& policy, const nn::EfficientNetLite& vision,
                               const std::string& vision_sha256, const Progress& progress, const Cancel* cancel) {
  const std::string key = cache_key(photos, policy, vision_sha256, cancel);
  auto source = open_if_current(file, key);
  if (!source) {
    make(file, key, photos, policy, vision, progress, cancel);
    source = std::make_shared<const Safetensors>(Safetensors::open(file));
  }
  std::vector<std::int64_t> rows = first_rows(photos);
  const std::int64_t most = max_photo_tokens(policy);
  at::Tensor tokens =
      nn::load_tensor(source, "tokens", {rows.back(), most, nn::EfficientNetLite::kChannels}, at::kHalf);
  at::Tensor counts = nn::load_tensor(source, "counts", {rows.back()}, at::kFloat).to(at::kLong);
  return TokenCache(std::move(tokens), std::move(counts), std::move(rows));
}

at::Tensor TokenCache::tokens(const at::Tensor& rows) const {
  return at::index_select(tokens_, 0, rows).to(at::kFloat);
}

at::Tensor TokenCache::present(const at::Tensor& rows) const {
  return at::arange(max_tokens(), at::kLong).unsqueeze(0).lt(at::index_select(counts_, 0, rows).unsqueeze(1));
}

std::pair<at::Tensor, at::Tensor> TokenCache::statistics(std::span<const std::uint32_t> photos) const {
  const std::int64_t channels = tokens_.size(2);
  at::Tensor sum = at::zeros({channels}, at::kDouble), squares = at::zeros({channels}, at::kDouble);
  double count = 0;
  for (const std::uint32_t photo : photos) {
    const std::int64_t at = row(photo, 0);
    const at::Tensor x = tokens_[at].narrow(0, 0, counts_[at].item<std::int64_t>()).to(at::kDouble);
    sum += x.sum(0);
    squares += (x * x).sum(0);
    count += static_cast<double>(x.size(0));
  }
  const at::Tensor mean = sum / count;
  const at::Tensor variance = ((squares - mean * sum) / (count - 1)).clamp_min(0);
  return {mean.to(at::kFloat), (variance.sqrt() + 1e-3).to(at::kFloat)};
}

}  // namespace paa
