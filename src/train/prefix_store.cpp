#include "prefix_store.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "paa/nn/rms_norm.h"
#include "paa/nn/selective_fusion.h"

namespace paa {
namespace {

at::Tensor index_tensor(const std::vector<std::int64_t>& indices) { return at::tensor(indices, at::kLong); }

// (1, kv_heads, P, d) -> (P, kv_heads, d)
at::Tensor by_token(const at::Tensor& cached) { return cached.squeeze(0).transpose(0, 1).contiguous(); }

at::Tensor with_padding_row(std::vector<at::Tensor> parts) {
  std::vector<std::int64_t> shape = parts.front().sizes().vec();
  shape.front() = 1;
  parts.push_back(at::zeros(shape, parts.front().options()));
  return at::cat(parts, 0);
}

// The rows of some texts, each padded to the longest by the row `padding`.
struct Ragged {
  at::Tensor rows;     // (B * longest) int64
  at::Tensor lengths;  // (B) int64
  std::int64_t longest = 0;
};

Ragged padded_rows(std::span<const std::uint32_t> texts, const std::vector<std::int64_t>& begins,
                   const std::vector<std::int64_t>& lengths, std::int64_t padding) {
  std::vector<std::int64_t> rows, chosen;
  for (const std::uint32_t text : texts) chosen.push_back(lengths[text]);
  const std::int64_t longest = *std::max_element(chosen.begin(), chosen.end());
  for (const std::uint32_t text : texts) {
    for (std::int64_t t = 0; t < longest; ++t) rows.push_back(t < lengths[text] ? begins[text] + t : padding);
  }
  return {index_tensor(rows), index_tensor(chosen), longest};
}

}  // namespace

PrefixStore::PrefixStore(const nn::Decoder& decoder, const Tokenizer& tokenizer, std::span<const int> layers,
                         std::string_view prefix, std::span<const TokenId> suffix, std::span<const std::string> texts,
                         const Progress& progress, const Cancel* cancel) {
  // No inference mode: inference tensors cannot take part in a training step.
  const c10::NoGradGuard no_grad;
  const std::size_t kept = static_cast<std::size_t>(decoder.config().layers - layers.front());
  std::vector<std::vector<at::Tensor>> keys(kept), values(kept), profile(layers.size());
  std::vector<at::Tensor> suffixes;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    throw_if_cancelled(cancel);
    const PromptPrefix encoded = encode_prefix(tokenizer, prefix, texts[i]);
    PrefixStates states = run_prefix(decoder, layers, encoded, suffix);
    for (std::size_t l = 0; l < kept; ++l) {
      keys[l].push_back(by_token(states.past[l].keys));
      values[l].push_back(by_token(states.past[l].values));
    }
    for (std::size_t l = 0; l < layers.size(); ++l) {
      profile[l].push_back(states.profile[l].mean(1));
    }
    suffixes.push_back(std::move(states.suffix));
    begins_.push_back(begin);
    lengths_.push_back(static_cast<std::int64_t>(encoded.ids.size()));
    begin += lengths_.back();
    if (progress) progress(i + 1, texts.size());
  }
  for (std::size_t l = 0; l < kept; ++l) {
    past_.push_back({with_padding_row(std::move(keys[l])), with_padding_row(std::move(values[l]))});
  }
  for (const auto& layer : profile) profile_.push_back(at::cat(layer, 0));
  suffix_ = at::cat(suffixes, 0);
}

std::pair<at::Tensor, at::Tensor> PrefixStore::statistics(std::size_t fusion_layer) const {
  const c10::NoGradGuard no_grad;
  const at::Tensor all = nn::rms_norm(profile_.at(fusion_layer), nn::kFusionEpsilon);
  if (texts() < 3) return {all.mean(0), at::ones_like(all[0])};
  const at::Tensor said = all.narrow(0, 1, all.size(0) - 1);
  return {said.mean(0), said.std(0) + 1e-3};
}

PrefixStore::Batch PrefixStore::gather(std::span<const std::uint32_t> texts) const {
  const c10::NoGradGuard no_grad;
  const auto batch = static_cast<std::int64_t>(texts.size());
  const Ragged tokens = padded_rows(texts, begins_, lengths_, past_.front().keys.size(0) - 1);
  const at::Tensor which = index_tensor({texts.begin(), texts.end()});
  const auto pick = [&](const at::Tensor& held) {
    return at::index_select(held, 0, tokens.rows)
        .view({batch, tokens.longest, held.size(1), held.size(2)})
        .transpose(1, 2);
  };
  Batch result{at::index_select(suffix_, 0, which), tokens.lengths, {}, {}};
  for (const nn::KeyValues& layer : past_) result.past.push_back({pick(layer.keys), pick(layer.values)});
  for (const at::Tensor& layer : profile_) result.profiles.push_back(at::index_select(layer, 0, which));
  return result;
}

}  // namespace paa
