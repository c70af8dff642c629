// The invariants of method.md, on a small random checkpoint.

#include "scorer.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "../nn/golden.h"
#include "paa/checkpoint/llm_checkpoint.h"
#include "torch_catch.h"

using paa::PreparedProfile;
using paa::Scorer;
using paa::VisionTokens;

namespace {

constexpr std::int64_t kVisionWidth = 12, kPhotoTokens = 6;
const std::vector<int> kLayers = {1, 2};
const std::vector<paa::TokenId> kSuffix = {40, 41, 42, 43};

paa::nn::Decoder decoder(bool packed = true) {
  const auto checkpoint = std::make_shared<const paa::LlmCheckpoint>(
      paa::LlmCheckpoint::open(std::filesystem::path(PAA_TEST_DATA).parent_path().parent_path() / "nn" / "data" / "gqa"));
  return paa::nn::Decoder(checkpoint->config(), {checkpoint, &checkpoint->weights()}, {at::kFloat, packed});
}

paa::FusionModules modules(double beta) {
  const at::NoGradGuard no_grad;
  at::manual_seed(11);
  const std::int64_t width = decoder().config().width;
  paa::nn::SelectiveFusionOptions options;
  options.hidden_width = width;
  options.vision_width = kVisionWidth;
  options.width = 8;
  options.heads = 2;
  paa::FusionModules m;
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    paa::nn::SelectiveFusion fusion(options);
    fusion->beta.fill_(beta);
    fusion->gate_profile.normal_(0, 1);
    m.fusion.push_back(fusion);
    m.profile.push_back({at::zeros({width}), at::full({width}, 0.5)});
  }
  m.vision = {at::zeros({kVisionWidth}), at::ones({kVisionWidth})};
  m.head = paa::nn::RatingHead(at::randn({5, width}));
  return m;
}

// The same, and a taste fusion.
paa::FusionModules with_taste() {
  const at::NoGradGuard no_grad;
  paa::FusionModules m = modules(0.8);
  const std::int64_t width = decoder().config().width;
  m.taste = paa::nn::TasteFusion(paa::nn::TasteFusionOptions{kVisionWidth, 4, {width, 8, 2, 2, 6}});
  m.taste->output.normal_(0, 1);
  m.taste_tokens = {at::zeros({width}), at::ones({width})};
  return m;
}

Scorer scorer(double beta = 0.8) { return Scorer(decoder(), modules(beta), kLayers, kSuffix, kPhotoTokens); }

paa::PromptPrefix prompt(int length, int seed) {
  paa::PromptPrefix prefix;
  for (int i = 0; i < length; ++i) prefix.ids.push_back((7 * i + 13 * seed + 1) % 90);
  prefix.span_begin = 2;
  prefix.span_end = prefix.ids.size();
  return prefix;
}

struct People {
  std::vector<PreparedProfile::State> states;
  std::vector<const PreparedProfile::State*> pointers;

  People(const Scorer& scorer, const std::vector<int>& lengths, bool free_text = true) {
    for (std::size_t i = 0; i < lengths.size(); ++i) states.push_back(scorer.prepare(prompt(lengths[i], static_cast<int>(i)), free_text));
    for (const auto& state : states) pointers.push_back(&state);
  }
};

struct Photos {
  std::vector<VisionTokens::State> states;
  std::vector<const VisionTokens::State*> pointers;

  explicit Photos(int count, std::int64_t tokens = kPhotoTokens) {
    at::manual_seed(7);
    for (int i = 0; i < count; ++i) states.push_back({"", at::randn({tokens, kVisionWidth})});
    for (const auto& state : states) pointers.push_back(&state);
  }
};

}  // namespace

TEST_CASE("with beta = 0 the frozen LLM's read-out comes out bit for bit, whatever the photo") {
  const c10::InferenceMode guard;
  const Scorer plain = scorer(0), fused = scorer(0.8);
  const People people(plain, {9});
  const Photos photos(3);
  const at::Tensor levels = plain.levels({people.pointers.data(), 1}, photos.pointers);
  CHECK(at::equal(levels[0], levels[1]));
  CHECK(at::equal(levels[0], levels[2]));
  CHECK_FALSE(at::equal(fused.levels({people.pointers.data(), 1}, photos.pointers)[0], levels[0]));
  // The same batch through the decoder alone, with no fusion module anywhere.
  const paa::nn::Decoder frozen = decoder();
  at::Tensor hidden = people.states[0].suffix.expand({Scorer::kBatch, -1, -1});
  const auto turn = frozen.angles(at::arange(9, 13, at::kLong).unsqueeze(0));
  const at::Tensor mask = paa::nn::causal_mask(4, 32, at::tensor({std::int64_t{9}}, at::kLong));
  for (std::size_t i = 0; i < people.states[0].past.size(); ++i) {
    hidden = frozen.block(kLayers.front() + static_cast<std::int64_t>(i), hidden, turn, people.states[0].past[i], mask).hidden;
  }
  auto m = modules(0);
  CHECK(at::equal(at::softmax(m.head->forward(hidden.select(1, -1)).to(at::kDouble), -1)[0], levels[0]));
}

TEST_CASE("the cached prefix gives what the whole sequence gives") {
  const c10::InferenceMode guard;
  const Scorer cached = scorer();
  const paa::FusionModules m = modules(0.8);
  const paa::nn::Decoder frozen = decoder();
  const Photos photos(1);
  const paa::PromptPrefix prefix = prompt(14, 3);
  std::vector<std::int64_t> ids(prefix.ids.begin(), prefix.ids.end());
  ids.insert(ids.end(), kSuffix.begin(), kSuffix.end());
  const auto length = static_cast<std::int64_t>(prefix.ids.size()), tokens = static_cast<std::int64_t>(kSuffix.size());
  const at::Tensor vision = paa::nn::normalise_vision(photos.states[0].tokens.unsqueeze(0), m.vision.mean, m.vision.scale);
  at::Tensor hidden = frozen.embed(at::tensor(ids, at::kLong).unsqueeze(0));
  const auto turn = frozen.angles(at::arange(length + tokens, at::kLong).unsqueeze(0));
  for (std::int64_t layer = 0; layer < frozen.config().layers; ++layer) {
    const auto at_layer = std::find(kLayers.begin(), kLayers.end(), layer);
    if (at_layer != kLayers.end()) {
      const auto i = static_cast<std::size_t>(at_layer - kLayers.begin());
      const at::Tensor state = hidden.narrow(1, 2, length - 2).mean(1);
      const at::Tensor profile = paa::nn::normalise_profile(state, m.profile[i].mean, m.profile[i].scale);
      paa::nn::SelectiveFusion fusion = m.fusion[i];
      const at::Tensor suffix = fusion->forward(hidden.narrow(1, length, tokens), profile, fusion->project(vision));
      hidden = at::cat({hidden.narrow(1, 0, length), suffix}, 1);
    }
    hidden = frozen.block(layer, hidden, turn, {}, paa::nn::causal_mask(length + tokens, 0)).hidden;
  }
  paa::nn::RatingHead head = m.head;
  const at::Tensor expected = at::softmax(head->forward(hidden.select(1, -1)).to(at::kDouble), -1);
  const PreparedProfile::State state = cached.prepare(prefix, true);
  const auto* person = &state;
  CHECK(largest_error(cached.levels({&person, 1}, photos.pointers), expected) < 1e-5);
}

// At the real widths these are the same bits; products as small as here may round by their place in the batch.
TEST_CASE("a score does not depend on what else is in the batch, and permuting permutes") {
  const c10::InferenceMode guard;
  constexpr double kTolerance = 1e-6;
  const Scorer s = scorer();
  const People people(s, {9, 20, 5, 12, 33});
  const Photos photos(5);
  const at::Tensor together = s.levels({people.pointers.data(), 1}, photos.pointers);
  std::vector<const VisionTokens::State*> reversed(photos.pointers.rbegin(), photos.pointers.rend());
  CHECK(largest_error(s.levels({people.pointers.data(), 1}, reversed).flip(0), together) < kTolerance);
  for (std::size_t i = 0; i < 5; ++i) {
    const at::Tensor alone = s.levels({people.pointers.data(), 1}, {&photos.pointers[i], 1});
    CHECK(largest_error(alone[0], together[static_cast<std::int64_t>(i)]) < kTolerance);
  }
  const at::Tensor all = s.levels(people.pointers, {photos.pointers.data(), 1});
  std::vector<const PreparedProfile::State*> backwards(people.pointers.rbegin(), people.pointers.rend());
  CHECK(largest_error(s.levels(backwards, {photos.pointers.data(), 1}).flip(0), all) < kTolerance);
  CHECK(largest_error(all[0], together[0]) < kTolerance);
}

TEST_CASE("photos of fewer tokens are padded without effect") {
  const c10::InferenceMode guard;
  const Scorer s = scorer();
  const Scorer roomy(decoder(), modules(0.8), kLayers, kSuffix, kPhotoTokens + 9);
  const People people(s, {9});
  const Photos photos(3);
  CHECK(largest_error(roomy.levels(people.pointers, photos.pointers), s.levels(people.pointers, photos.pointers)) < 1e-5);
}

TEST_CASE("another profile gives another score") {
  const c10::InferenceMode guard;
  const Scorer s = scorer();
  const People people(s, {9, 9});
  const Photos photos(1);
  const at::Tensor levels = s.levels(people.pointers, photos.pointers);
  CHECK(largest_error(levels[0], levels[1]) > 1e-4);
}

TEST_CASE("a taste fusion acts on free text only, and on each pair by itself") {
  const c10::InferenceMode guard;
  const Scorer plain = scorer(), tasting(decoder(), with_taste(), kLayers, kSuffix, kPhotoTokens);
  const Photos photos(4);
  const std::vector<int> lengths = {9, 20, 12};
  const People fields(tasting, lengths, false), same(plain, lengths, false), speaking(tasting, lengths, true);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto levels = [&](const Scorer& s, const People& people) { return s.levels({&people.pointers[i], 1}, photos.pointers); };
    CHECK(at::equal(levels(tasting, fields), levels(plain, same)));
    CHECK(largest_error(levels(tasting, speaking), levels(plain, same)) > 1e-4);
  }
  const at::Tensor together = tasting.levels({speaking.pointers.data(), 1}, photos.pointers);
  for (std::size_t i = 0; i < 4; ++i) {
    const at::Tensor alone = tasting.levels({speaking.pointers.data(), 1}, {&photos.pointers[i], 1});
    CHECK(largest_error(alone[0], together[static_cast<std::int64_t>(i)]) < 1e-6);
  }
  const Scorer roomy(decoder(), with_taste(), kLayers, kSuffix, kPhotoTokens + 9);  // padding is no part of a photo
  CHECK(largest_error(roomy.levels({speaking.pointers.data(), 1}, photos.pointers), together) < 1e-5);
}

TEST_CASE("training the modules leaves the frozen decoder as it was") {
  const paa::nn::Decoder frozen = decoder(/*packed=*/false);
  const at::Tensor ids = at::arange(6, at::kLong).unsqueeze(0);
  const auto turn = frozen.angles(at::arange(6, at::kLong).unsqueeze(0));
  const at::Tensor mask = paa::nn::causal_mask(6, 0);
  const auto plain = [&] {
    const at::NoGradGuard no_grad;
    return frozen.logits(frozen.block(1, frozen.block(0, frozen.embed(ids), turn, {}, mask).hidden, turn, {}, mask).hidden);
  };
  const at::Tensor before = plain();
  at::manual_seed(2);
  paa::nn::SelectiveFusionOptions options;
  options.hidden_width = frozen.config().width;
  options.vision_width = kVisionWidth;
  options.width = 8;
  options.heads = 2;
  paa::nn::SelectiveFusion fusion(options);
  const auto vision = [&] { return fusion->project(at::randn({1, kPhotoTokens, kVisionWidth})); };
  const at::Tensor profile = at::randn({1, options.hidden_width});
  double moved = 0;
  for (int step = 0; step < 3; ++step) {
    fusion->zero_grad();
    at::Tensor hidden = frozen.block(0, frozen.embed(ids), turn, {}, mask).hidden;
    CHECK_FALSE(hidden.requires_grad());
    hidden = frozen.block(1, fusion->forward(hidden, profile, vision()), turn, {}, mask).hidden;
    frozen.logits(hidden).select(1, -1).pow(2).mean().backward();
    const at::NoGradGuard no_grad;
    for (auto& parameter : fusion->parameters()) {
      if (!parameter.grad().defined()) continue;
      moved += parameter.grad().abs().sum().item<double>();
      parameter.sub_(parameter.grad() * 0.1);
    }
  }
  CHECK(moved > 0);
  CHECK(at::equal(plain(), before));
}
