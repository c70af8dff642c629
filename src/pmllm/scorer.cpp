#include "scorer.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <string>

#include "paa/nn/attention.h"

namespace paa {
namespace {

at::Tensor id_tensor(std::span<const TokenId> ids) {
  return at::tensor(std::vector<std::int64_t>(ids.begin(), ids.end()), at::kLong).unsqueeze(0);
}

at::Tensor positions(std::int64_t begin, std::int64_t count) {
  return at::arange(begin, begin + count, at::kLong).unsqueeze(0);
}

// (1, kv_heads, P, d) with zeros behind up to `length`.
at::Tensor padded(const at::Tensor& cached, std::int64_t length) {
  const std::int64_t missing = length - cached.size(2);
  return missing == 0 ? cached : at::constant_pad_nd(cached, {0, 0, 0, missing});
}

}  // namespace

// Prefixes side by side: batch 1 if there is one.
struct Scorer::People {
  at::Tensor suffix;                // (B, T, D)
  nn::Rotary angles;
  at::Tensor mask;                  // (1 or B, T, P + T)
  std::vector<nn::KeyValues> past;  // by layer, from the first fusion layer on
  std::vector<at::Tensor> profile;  // by fusion module: (B, D)
};

struct Scorer::Photos {
  at::Tensor tokens;  // (B, N, D_v), normalised
  at::Tensor keep;    // (B, N) bool, undefined if no photo is padded
};

PreparedProfile::State Scorer::prepare(const PromptPrefix& prefix) const {
  const auto length = static_cast<std::int64_t>(prefix.ids.size());
  const auto tokens = static_cast<std::int64_t>(suffix_.size());
  const auto begin = static_cast<std::int64_t>(prefix.span_begin);
  const auto count = static_cast<std::int64_t>(prefix.span_end) - begin;
  const std::int64_t first = layers_.front(), layers = decoder_.config().layers;

  PreparedProfile::State state;
  state.length = length;
  // Below the first fusion layer prefix and suffix are one causal sequence; above it the suffix waits for its photo.
  at::Tensor hidden = decoder_.embed(at::cat({id_tensor(prefix.ids), id_tensor(suffix_)}, 1));
  const nn::Rotary whole = decoder_.angles(positions(0, length + tokens));
  const at::Tensor whole_mask = nn::causal_mask(length + tokens, 0);
  for (std::int64_t i = 0; i < first; ++i) hidden = decoder_.block(i, hidden, whole, {}, whole_mask).hidden;
  state.suffix = hidden.narrow(1, length, tokens).clone();

  hidden = hidden.narrow(1, 0, length);
  const nn::Rotary angles = decoder_.angles(positions(0, length));
  const at::Tensor mask = nn::causal_mask(length, 0);
  std::size_t module = 0;
  for (std::int64_t i = first; i < layers; ++i) {
    if (module < layers_.size() && layers_[module] == i) {
      const Standardisation& s = modules_.profile[module++];
      state.profile.push_back(nn::normalise_profile(hidden.narrow(1, begin, count).mean(1), s.mean, s.scale));
    }
    nn::Decoder::BlockOutput out = decoder_.block(i, hidden, angles, {}, mask);
    state.past.push_back({out.added.keys.contiguous(), out.added.values.contiguous()});
    hidden = std::move(out.hidden);
  }
  return state;
}

Scorer::People Scorer::gather(std::span<const PreparedProfile::State* const> profiles) const {
  const auto tokens = static_cast<std::int64_t>(suffix_.size());
  if (profiles.size() == 1) {
    const auto& one = *profiles.front();
    return {one.suffix, decoder_.angles(positions(one.length, tokens)), nn::causal_mask(tokens, one.length), one.past, one.profile};
  }
  std::vector<std::int64_t> lengths;
  for (const auto* profile : profiles) lengths.push_back(profile->length);
  const std::int64_t longest = *std::max_element(lengths.begin(), lengths.end());
  const at::Tensor length = at::tensor(lengths, at::kLong);
  const auto side_by_side = [&](const auto& part) {
    std::vector<at::Tensor> parts;
    for (const auto* profile : profiles) parts.push_back(part(*profile));
    return at::cat(parts, 0);
  };
  People people;
  people.suffix = side_by_side([](const auto& p) { return p.suffix; });
  people.angles = decoder_.angles(length.unsqueeze(1) + positions(0, tokens));
  people.mask = nn::causal_mask(tokens, longest, length);
  for (std::size_t i = 0; i < profiles.front()->past.size(); ++i) {
    people.past.push_back({side_by_side([&](const auto& p) { return padded(p.past[i].keys, longest); }),
                           side_by_side([&](const auto& p) { return padded(p.past[i].values, longest); })});
  }
  for (std::size_t i = 0; i < modules_.fusion.size(); ++i) {
    people.profile.push_back(side_by_side([&](const auto& p) { return p.profile[i]; }));
  }
  return people;
}

Scorer::Photos Scorer::gather(std::span<const VisionTokens::State* const> photos) const {
  std::int64_t most = 0;
  bool equal = true;
  for (const auto* photo : photos) {
    equal = equal && photo->tokens.size(0) == photos.front()->tokens.size(0);
    most = std::max(most, photo->tokens.size(0));
  }
  std::vector<at::Tensor> tokens, counts;
  for (const auto* photo : photos) {
    tokens.push_back(at::constant_pad_nd(photo->tokens, {0, 0, 0, most - photo->tokens.size(0)}));
    counts.push_back(at::tensor(photo->tokens.size(0), at::kLong));
  }
  Photos result{nn::normalise_vision(at::stack(tokens), modules_.vision.mean, modules_.vision.scale), {}};
  if (!equal) result.keep = at::arange(most, at::kLong).unsqueeze(0).lt(at::stack(counts).unsqueeze(1));
  return result;
}

at::Tensor Scorer::fuse(std::size_t module, const at::Tensor& hidden, const People& people, const Photos& photos) const {
  const nn::SelectiveFusion& fusion = modules_.fusion[module];
  return fusion->forward(hidden, people.profile[module], fusion->project(photos.tokens), photos.keep);
}

at::Tensor Scorer::levels(std::span<const PreparedProfile::State* const> profiles,
                          std::span<const VisionTokens::State* const> photos) const {
  const People people = gather(profiles);
  const Photos seen = gather(photos);
  const auto batch = static_cast<std::int64_t>(std::max(profiles.size(), photos.size()));
  at::Tensor hidden = people.suffix.expand({batch, -1, -1});
  std::size_t module = 0;
  for (std::size_t i = 0; i < people.past.size(); ++i) {
    const std::int64_t layer = layers_.front() + static_cast<std::int64_t>(i);
    if (module < layers_.size() && layers_[module] == layer) hidden = fuse(module++, hidden, people, seen);
    hidden = decoder_.block(layer, hidden, people.angles, people.past[i], people.mask).hidden;
  }
  return at::softmax(modules_.head->forward(hidden.select(1, -1)).to(at::kDouble), -1);
}

}  // namespace paa
