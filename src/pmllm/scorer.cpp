#include "scorer.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <utility>

#include "paa/nn/attention.h"
#include "paa/nn/rms_norm.h"
#include "prefix_states.h"

namespace paa {
namespace {

at::Tensor positions(std::int64_t begin, std::int64_t count) {
  return at::arange(begin, begin + count, at::kLong).unsqueeze(0);
}

std::int64_t round_up(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

// (1, kv_heads, P, d) with zeros behind up to `length`.
at::Tensor padded(const at::Tensor& cached, std::int64_t length) {
  const std::int64_t missing = length - cached.size(2);
  return missing == 0 ? cached : at::constant_pad_nd(cached, {0, 0, 0, missing});
}

}  // namespace

// kBatch prefixes side by side, or one for all.
struct Scorer::People {
  at::Tensor suffix;                // (kBatch, T, D)
  nn::Rotary angles;
  at::Tensor mask;                  // (1 or kBatch, T, P + T)
  std::vector<nn::KeyValues> past;  // by layer, from the first fusion layer on
  std::vector<at::Tensor> profile;  // by fusion module: (kBatch, D)
  at::Tensor taste;                 // (kBatch, d_t); undefined without taste fusion
};

struct Scorer::Photos {
  at::Tensor tokens;  // (kBatch, N, D_v), normalised
  at::Tensor keep;    // (kBatch, N) bool; undefined if no photo is padded
  at::Tensor looks;   // (kBatch, d_t), what tastes are matched with; undefined without taste fusion
};

PreparedProfile::State Scorer::prepare(const PromptPrefix& prefix, bool free_text) const {
  PrefixStates states = run_prefix(decoder_, layers_, prefix, suffix_);
  PreparedProfile::State state;
  state.length = static_cast<std::int64_t>(prefix.ids.size());
  state.suffix = std::move(states.suffix);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    state.profile.push_back(profile_state(modules_, i, states.profile[i]));
  }
  if (modules_.taste) {
    state.taste = free_text ? stated_taste(modules_, states.profile.front())
                            : at::zeros({1, modules_.taste->options().width}, at::kFloat);
  }
  const std::int64_t held = round_up(state.length, kPastStep);
  for (const nn::KeyValues& layer : states.past) {
    state.past.push_back({padded(layer.keys, held).contiguous(), padded(layer.values, held).contiguous()});
  }
  return state;
}

Scorer::People Scorer::gather(std::span<const PreparedProfile::State* const> profiles) const {
  std::vector<std::int64_t> lengths;
  for (const auto* profile : profiles) lengths.push_back(profile->length);
  const std::int64_t longest = round_up(*std::max_element(lengths.begin(), lengths.end()), kPastStep);
  const auto side_by_side = [&](const auto& part) {
    std::vector<at::Tensor> parts;
    for (const auto* profile : profiles) parts.push_back(part(*profile));
    if (parts.size() > 1) return at::cat(parts, 0);
    std::vector<std::int64_t> shape = parts.front().sizes().vec();
    shape.front() = kBatch;
    return parts.front().expand(shape);
  };
  const auto tokens = static_cast<std::int64_t>(suffix_.size());
  const at::Tensor length = at::tensor(lengths, at::kLong);
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
  if (modules_.taste) people.taste = side_by_side([](const auto& p) { return p.taste; });
  return people;
}

Scorer::Photos Scorer::gather(std::span<const VisionTokens::State* const> photos) const {
  std::vector<at::Tensor> tokens;
  std::vector<std::int64_t> counts;
  for (const auto* photo : photos) {
    counts.push_back(photo->tokens.size(0));
    tokens.push_back(at::constant_pad_nd(photo->tokens, {0, 0, 0, photo_tokens_ - counts.back()}));
  }
  Photos result{nn::normalise_vision(at::stack(tokens), modules_.vision.mean, modules_.vision.scale), {}, {}};
  if (*std::min_element(counts.begin(), counts.end()) < photo_tokens_) {
    result.keep = at::arange(photo_tokens_, at::kLong).unsqueeze(0).lt(at::tensor(counts, at::kLong).unsqueeze(1));
  }
  if (modules_.taste) result.looks = modules_.taste->look(nn::pool_vision(result.tokens, result.keep));
  return result;
}

at::Tensor Scorer::fuse(std::size_t module, const at::Tensor& hidden, const People& people, const Photos& photos) const {
  const nn::SelectiveFusion& fusion = modules_.fusion[module];
  const at::Tensor fused = fusion->forward(hidden, people.profile[module], fusion->project(photos.tokens), photos.keep);
  if (module > 0 || !modules_.taste) return fused;
  return modules_.taste->forward(fused, modules_.taste->match(people.taste, photos.looks));
}

Scorer::Output Scorer::read(std::span<const PreparedProfile::State* const> profiles,
                            std::span<const VisionTokens::State* const> photos) const {
  const auto count = static_cast<std::int64_t>(std::max(profiles.size(), photos.size()));
  const auto whole_batch = [](auto some) {
    std::vector<typename decltype(some)::value_type> all(some.begin(), some.end());
    all.resize(kBatch, all.back());
    return all;
  };
  const People people = profiles.size() == 1 ? gather(profiles) : gather(whole_batch(profiles));
  const Photos seen = gather(whole_batch(photos));
  at::Tensor hidden = people.suffix;
  std::size_t module = 0;
  for (std::size_t i = 0; i < people.past.size(); ++i) {
    const std::int64_t layer = layers_.front() + static_cast<std::int64_t>(i);
    if (module < layers_.size() && layers_[module] == layer) hidden = fuse(module++, hidden, people, seen);
    hidden = decoder_.block(layer, hidden, people.angles, people.past[i], people.mask).hidden;
  }
  const at::Tensor last = hidden.select(1, -1);
  return {at::softmax(modules_.head->forward(last).to(at::kDouble), -1).narrow(0, 0, count),
          nn::rms_norm(last, 1e-5).narrow(0, 0, count)};
}

}  // namespace paa
