#include "prefix_states.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include <utility>

#include "paa/nn/attention.h"

namespace paa {
namespace {

at::Tensor id_tensor(std::span<const TokenId> ids) {
  return at::tensor(std::vector<std::int64_t>(ids.begin(), ids.end()), at::kLong).unsqueeze(0);
}

at::Tensor first_positions(std::int64_t count) { return at::arange(count, at::kLong).unsqueeze(0); }

}  // namespace

PrefixStates run_prefix(const nn::Decoder& decoder, std::span<const int> layers, const PromptPrefix& prefix,
                        std::span<const TokenId> suffix) {
  const auto length = static_cast<std::int64_t>(prefix.ids.size());
  const auto tokens = static_cast<std::int64_t>(suffix.size());
  const auto begin = static_cast<std::int64_t>(prefix.span_begin);
  const auto count = static_cast<std::int64_t>(prefix.span_end) - begin;

  PrefixStates states;
  // Below the first fusion layer prefix and suffix are one causal sequence; above it the suffix waits for its photo.
  at::Tensor hidden = decoder.embed(at::cat({id_tensor(prefix.ids), id_tensor(suffix)}, 1));
  const nn::Rotary whole = decoder.angles(first_positions(length + tokens));
  const at::Tensor whole_mask = nn::causal_mask(length + tokens, 0);
  for (std::int64_t i = 0; i < layers.front(); ++i) hidden = decoder.block(i, hidden, whole, {}, whole_mask).hidden;
  states.suffix = hidden.narrow(1, length, tokens).clone();

  hidden = hidden.narrow(1, 0, length);
  const nn::Rotary angles = decoder.angles(first_positions(length));
  const at::Tensor mask = nn::causal_mask(length, 0);
  for (std::int64_t i = layers.front(); i < decoder.config().layers; ++i) {
    if (const std::size_t module = states.profile.size(); module < layers.size() && layers[module] == i) {
      states.profile.push_back(hidden.narrow(1, begin, count));
    }
    nn::Decoder::BlockOutput out = decoder.block(i, hidden, angles, {}, mask);
    states.past.push_back(std::move(out.added));
    hidden = std::move(out.hidden);
  }
  return states;
}

}  // namespace paa
