// SelectiveFusion by its definition and its invariants.

#include "paa/nn/selective_fusion.h"

#include <cmath>

#include "golden.h"
#include "torch_catch.h"

using paa::nn::GateGranularity;
using paa::nn::SelectiveFusion;
using paa::nn::SelectiveFusionOptions;
using paa::nn::UpdateKind;

namespace {

constexpr std::int64_t kBatch = 3, kTokens = 5, kCells = 7;

SelectiveFusionOptions small_options() {
  SelectiveFusionOptions options;
  options.hidden_width = 24;
  options.vision_width = 10;
  options.width = 8;
  options.heads = 2;
  return options;
}

struct Inputs {
  at::Tensor hidden = at::randn({kBatch, kTokens, 24}) * 3;
  at::Tensor profile = at::randn({kBatch, 24});
  at::Tensor vision = at::randn({kBatch, kCells, 10});
};

SelectiveFusion module(const SelectiveFusionOptions& options, double beta = 0.7) {
  at::manual_seed(5);
  SelectiveFusion fusion(options);
  const at::NoGradGuard no_grad;
  fusion->beta.fill_(beta);
  for (auto& parameter : fusion->named_parameters()) {
    if (parameter.key().starts_with("gate")) parameter.value().normal_(0, 0.5);
  }
  return fusion;
}

// One token at a time with loops over heads and channels, straight from the formula.
at::Tensor by_definition(SelectiveFusion& m, const Inputs& in) {
  const auto& o = m->options();
  at::Tensor result = in.hidden.clone();
  const std::int64_t d = o.width / o.heads;
  const auto rms = [](const at::Tensor& x) { return x / (x.pow(2).mean() + 1e-5).sqrt(); };
  for (std::int64_t b = 0; b < in.hidden.size(0); ++b) {
    for (std::int64_t t = 0; t < in.hidden.size(1); ++t) {
      const at::Tensor h = in.hidden[b][t], u = rms(h);
      const at::Tensor q = m->query.mv(u), keys = in.vision[b].mm(m->key.t()), values = in.vision[b].mm(m->value.t());
      at::Tensor c = at::zeros({o.width});
      for (std::int64_t i = 0; i < o.heads; ++i) {
        const auto part = at::indexing::Slice(i * d, (i + 1) * d);
        const at::Tensor weight = at::softmax(keys.index({at::indexing::Slice(), part}).mv(q.index({part})) / std::sqrt(double(d)), 0);
        c.index_put_({part}, values.index({at::indexing::Slice(), part}).t().mv(weight));
      }
      if (o.granularity != GateGranularity::kNone) {
        at::Tensor z = m->gate_bias.clone();
        if (o.gate_reads_hidden) z = z + m->gate_hidden.mv(u);
        if (o.gate_reads_visual) z = z + m->gate_visual.mv(rms(c));
        if (o.gate_reads_profile) z = z + m->gate_profile.mv(in.profile[b]);
        const at::Tensor g = at::sigmoid(z);
        c = c * g.repeat_interleave(o.width / g.size(0));
      }
      at::Tensor update = m->output.mv(c) * std::tanh(m->beta.item<double>());
      if (o.update == UpdateKind::kRelative) update = update * h.pow(2).mean().sqrt();
      result[b][t] = h + update;
    }
  }
  return result;
}

}  // namespace

TEST_CASE("every option computes its formula") {
  const at::NoGradGuard no_grad;
  SelectiveFusionOptions options = small_options();
  options.granularity = GENERATE(GateGranularity::kNone, GateGranularity::kScalar, GateGranularity::kHead, GateGranularity::kChannel);
  options.update = GENERATE(UpdateKind::kAbsolute, UpdateKind::kRelative);
  options.gate_reads_visual = GENERATE(true, false);
  options.gate_reads_profile = GENERATE(true, false);
  SelectiveFusion fusion = module(options);
  const Inputs in;
  const at::Tensor out = fusion->forward(in.hidden, in.profile, fusion->project(in.vision));
  CHECK(relative_error(out, by_definition(fusion, in)) < 1e-5);
  CHECK(relative_error(out, in.hidden) > 1e-3);
}

TEST_CASE("at its start the module is the identity, bit for bit") {
  SelectiveFusion fusion(small_options());
  const Inputs in;
  CHECK(at::equal(fusion->forward(in.hidden, in.profile, fusion->project(in.vision)), in.hidden));
}

TEST_CASE("a closed gate removes every effect of the image") {
  const at::NoGradGuard no_grad;
  SelectiveFusion fusion = module(small_options());
  fusion->gate_bias.fill_(-1e4);
  const Inputs in, other;
  CHECK(at::equal(fusion->forward(in.hidden, in.profile, fusion->project(in.vision)), in.hidden));
  CHECK(at::equal(fusion->forward(in.hidden, in.profile, fusion->project(other.vision)), in.hidden));
}

TEST_CASE("another profile moves the gate and the result") {
  const at::NoGradGuard no_grad;
  SelectiveFusion fusion = module(small_options());
  const Inputs in;
  const auto vision = fusion->project(in.vision);
  CHECK(relative_error(fusion->gates(in.hidden, -in.profile, vision), fusion->gates(in.hidden, in.profile, vision)) > 0.05);
  CHECK(relative_error(fusion->forward(in.hidden, -in.profile, vision), fusion->forward(in.hidden, in.profile, vision)) > 1e-3);
}

TEST_CASE("one photo or one profile is shared by the whole batch") {
  const at::NoGradGuard no_grad;
  SelectiveFusion fusion = module(small_options());
  const Inputs in;
  const auto one = fusion->project(in.vision.narrow(0, 0, 1));
  const at::Tensor shared = fusion->forward(in.hidden, in.profile.narrow(0, 0, 1), one);
  const at::Tensor repeated = fusion->forward(in.hidden, in.profile.narrow(0, 0, 1).expand({kBatch, -1}),
                                              fusion->project(in.vision.narrow(0, 0, 1).expand({kBatch, -1, -1})));
  CHECK(relative_error(shared, repeated) < 1e-6);
}

TEST_CASE("vision tokens that are masked have no effect") {
  const at::NoGradGuard no_grad;
  SelectiveFusion fusion = module(small_options());
  Inputs in;
  at::Tensor keep = at::ones({kBatch, kCells}, at::kBool);
  keep.narrow(1, 4, 3).fill_(false);
  const at::Tensor masked = fusion->forward(in.hidden, in.profile, fusion->project(in.vision), keep);
  const at::Tensor shortened = fusion->forward(in.hidden, in.profile, fusion->project(in.vision.narrow(1, 0, 4)));
  CHECK(relative_error(masked, shortened) < 1e-6);
}

TEST_CASE("gradients reach every parameter, and not the size of the stream") {
  SelectiveFusion fusion = module(small_options());
  Inputs in;
  fusion->forward(in.hidden, in.profile, fusion->project(in.vision)).pow(2).sum().backward();
  for (const auto& parameter : fusion->named_parameters()) {
    CAPTURE(parameter.key());
    REQUIRE(parameter.value().grad().defined());
    CHECK(parameter.value().grad().abs().sum().item<double>() > 0);
  }
}

TEST_CASE("a width that the heads do not divide is refused") {
  SelectiveFusionOptions options = small_options();
  options.heads = 3;
  CHECK_THROWS_AS(SelectiveFusion(options), paa::Error);
}

TEST_CASE("the profile state is standardised and clamped") {
  const at::Tensor mean = at::zeros({4}), scale = at::full({4}, 0.1);
  const at::Tensor p = paa::nn::normalise_profile(at::tensor({2.0F, -2.0F, 0.02F, 0.0F}).unsqueeze(0), mean, scale);
  CHECK(p[0][0].item<float>() == 3.0F);
  CHECK(p[0][1].item<float>() == -3.0F);
  CHECK(p[0][2].item<float>() == Approx(0.02 / std::sqrt(2.0001 + 1e-5) / 0.1).epsilon(1e-4));
}
