#include "text_states.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <numeric>

#include "paa/nn/attention.h"
#include "paa/nn/rms_norm.h"
#include "paa/nn/selective_fusion.h"
#include "paa/pmllm/prompt.h"

namespace paa {
namespace {

// Prompts that go through the decoder side by side.
constexpr std::size_t kBatch = 64;

// Ids padded on the right: a causal mask keeps what follows from what it would disturb.
at::Tensor padded_ids(std::span<const PromptPrefix> prompts, std::span<const std::size_t> chosen) {
  std::size_t longest = 0;
  for (const std::size_t i : chosen) longest = std::max(longest, prompts[i].ids.size());
  std::vector<std::int64_t> ids;
  for (const std::size_t i : chosen) {
    ids.insert(ids.end(), prompts[i].ids.begin(), prompts[i].ids.end());
    ids.resize(ids.size() + longest - prompts[i].ids.size(), 0);
  }
  return at::tensor(ids, at::kLong).view({static_cast<std::int64_t>(chosen.size()), -1});
}

}  // namespace

TextStates::TextStates(const nn::Decoder& decoder, const Tokenizer& tokenizer, std::int64_t layer,
                       std::string_view prefix, std::span<const std::string> texts, const Progress& progress,
                       const Cancel* cancel) {
  // No inference mode: inference tensors cannot take part in a training step.
  const c10::NoGradGuard no_grad;
  std::vector<PromptPrefix> prompts;
  std::int64_t tokens = 0;
  for (const std::string& text : texts) {
    prompts.push_back(encode_prefix(tokenizer, prefix, text));
    begins_.push_back(tokens);
    lengths_.push_back(static_cast<std::int64_t>(prompts.back().span_end - prompts.back().span_begin));
    tokens += lengths_.back();
  }
  tokens_ = at::empty({tokens, decoder.config().width}, at::kHalf);
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return prompts[a].ids.size() < prompts[b].ids.size(); });
  for (std::size_t begin = 0; begin < order.size(); begin += kBatch) {
    throw_if_cancelled(cancel);
    const auto chosen = std::span(order).subspan(begin, std::min(kBatch, order.size() - begin));
    const at::Tensor ids = padded_ids(prompts, chosen);
    const nn::Rotary angles = decoder.angles(at::arange(ids.size(1), at::kLong).unsqueeze(0));
    const at::Tensor mask = nn::causal_mask(ids.size(1), 0);
    at::Tensor hidden = decoder.embed(ids);
    for (std::int64_t i = 0; i < layer; ++i) hidden = decoder.block(i, hidden, angles, {}, mask).hidden;
    for (std::size_t row = 0; row < chosen.size(); ++row) {
      const std::size_t text = chosen[row];
      const at::Tensor said = hidden[static_cast<std::int64_t>(row)].narrow(
          0, static_cast<std::int64_t>(prompts[text].span_begin), lengths_[text]);
      tokens_.narrow(0, begins_[text], lengths_[text]).copy_(said);
    }
    if (progress) progress(begin + chosen.size(), order.size());
  }
}

std::pair<at::Tensor, at::Tensor> TextStates::statistics() const {
  const c10::NoGradGuard no_grad;
  // In double and piece by piece: all tokens at once would take gigabytes.
  constexpr std::int64_t kPiece = 4096;
  const std::int64_t count = tokens_.size(0);
  at::Tensor sum = at::zeros({tokens_.size(1)}, at::kDouble), squares = at::zeros({tokens_.size(1)}, at::kDouble);
  for (std::int64_t begin = 0; begin < count; begin += kPiece) {
    const at::Tensor piece =
        nn::rms_norm(tokens_.narrow(0, begin, std::min(kPiece, count - begin)).to(at::kFloat), nn::kFusionEpsilon)
            .to(at::kDouble);
    sum += piece.sum(0);
    squares += (piece * piece).sum(0);
  }
  const at::Tensor mean = sum / count;
  const at::Tensor variance = ((squares - mean * sum) / std::max<std::int64_t>(1, count - 1)).clamp_min(0);
  return {mean.to(at::kFloat), (variance.sqrt() + 1e-3).to(at::kFloat)};
}

TextStates::Batch TextStates::gather(std::span<const std::uint32_t> texts) const {
  const c10::NoGradGuard no_grad;
  std::int64_t longest = 0;
  for (const std::uint32_t text : texts) longest = std::max(longest, lengths_[text]);
  const auto count = static_cast<std::int64_t>(texts.size());
  Batch batch{at::zeros({count, longest, tokens_.size(1)}, at::kFloat), at::zeros({count, longest}, at::kFloat)};
  for (std::int64_t row = 0; row < count; ++row) {
    const std::uint32_t text = texts[static_cast<std::size_t>(row)];
    batch.tokens[row].narrow(0, 0, lengths_[text]).copy_(tokens_.narrow(0, begins_[text], lengths_[text]));
    batch.present[row].narrow(0, 0, lengths_[text]).fill_(1);
  }
  return batch;
}

}  // namespace paa
