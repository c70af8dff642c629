#pragma once
// The language part of P-MLLM: a frozen decoder with fusion modules in it, over prepared prefixes and vision tokens.

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <vector>

#include "load_fusion.h"
#include "paa/nn/decoder.h"
#include "paa/pmllm/prompt.h"
#include "states.h"

namespace paa {

/// Immutable; const access is thread-safe. Callers hold a c10::InferenceMode guard.
///
/// Every pass has the same shapes, whatever is scored: kBatch items (short batches repeat the last one), prefixes padded to
/// a multiple of kPastStep, photos padded to the most tokens. A matrix product of another shape rounds differently, so a
/// score would else depend on what happens to be in the batch: by up to .009 on a scale of 1 to 7 in bf16, as measured.
class Scorer {
 public:
  static constexpr std::int64_t kBatch = 8;
  static constexpr std::int64_t kPastStep = 32;

  /// layers: the decoder layers that modules.fusion stand at; photo_tokens: the most vision tokens a photo has.
  Scorer(nn::Decoder decoder, FusionModules modules, std::vector<int> layers, std::vector<TokenId> suffix,
         std::int64_t photo_tokens)
      : decoder_(std::move(decoder)),
        modules_(std::move(modules)),
        layers_(std::move(layers)),
        suffix_(std::move(suffix)),
        photo_tokens_(photo_tokens) {}

  /// Runs prefix and suffix as far as no photo is needed. `free_text`: the profile has some, which may state tastes. Fills
  /// everything but the identity of model and profile.
  PreparedProfile::State prepare(const PromptPrefix& prefix, bool free_text) const;

  struct Output {
    at::Tensor levels;  // (B, 5) double, probabilities
    at::Tensor hidden;  // (B, D) float, the normalised state that they are read from
  };

  /// One profile with each of B photos, or one photo with each of B profiles, B at most kBatch.
  Output read(std::span<const PreparedProfile::State* const> profiles,
              std::span<const VisionTokens::State* const> photos) const;
  at::Tensor levels(std::span<const PreparedProfile::State* const> profiles,
                    std::span<const VisionTokens::State* const> photos) const {
    return read(profiles, photos).levels;
  }

  const nn::Decoder& decoder() const noexcept { return decoder_; }

  /// The same decoder and modules behind another suffix. Shares their memory.
  Scorer asking(std::vector<TokenId> suffix) const { return {decoder_, modules_, layers_, std::move(suffix), photo_tokens_}; }

 private:
  struct People;
  struct Photos;
  People gather(std::span<const PreparedProfile::State* const> profiles) const;
  Photos gather(std::span<const VisionTokens::State* const> photos) const;
  at::Tensor fuse(std::size_t module, const at::Tensor& hidden, const People& people, const Photos& photos) const;

  nn::Decoder decoder_;
  FusionModules modules_;
  std::vector<int> layers_;
  std::vector<TokenId> suffix_;
  std::int64_t photo_tokens_;
};

}  // namespace paa
