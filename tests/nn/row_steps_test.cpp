// What lies between a block's products, for every instruction set this CPU has, against libtorch's operators and their
// gradients in fp64.

#include "nn/row_steps.h"

#include <ATen/ops/allclose.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <limits>
#include <vector>

#include "core/instruction_set.h"
#include "golden.h"
#include "paa/nn/rms_norm.h"
#include "paa/nn/rotary.h"
#include "torch_catch.h"

using paa::nn::RowSteps;

namespace {

// One table: an instruction set and an element type, and how near its results must come.
struct Steps {
  const char* name;
  const RowSteps* table;
  at::ScalarType type;
  double tolerance;
};

std::vector<Steps> all_steps() {
  std::vector<Steps> all;
  const auto add = [&](const char* name, paa::nn::RowStepsOfBoth both) {
    all.push_back({name, &both.f32, at::kFloat, 1e-6});
    all.push_back({name, &both.bf16, at::kBFloat16, 4e-3});
  };
  add("plain", paa::nn::plain_row_steps());
#if defined(__x86_64__)
  const paa::InstructionSet most = paa::instruction_set();
  if (most >= paa::InstructionSet::kAvx2) add("avx2", paa::nn::avx2_row_steps());
  if (most >= paa::InstructionSet::kAvx512) add("avx512", paa::nn::avx512_row_steps());
#endif
  return all;
}

at::Tensor exact(const at::Tensor& x) { return x.detach().to(at::kDouble).requires_grad_(true); }
const float* floats(const at::Tensor& x) { return x.const_data_ptr<float>(); }
void* written(const at::Tensor& x) { return x.mutable_data_ptr(); }
const void* read(const at::Tensor& x) { return x.const_data_ptr(); }

// Runs check(steps, random tensor of a shape, rounded to the elements) for all tables and some widths, even and odd.
template <class Check>
void for_all(const Check& check) {
  for (const Steps& steps : all_steps()) {
    for (const std::int64_t width : {1, 7, 16, 50, 576}) {
      INFO(steps.name << " " << c10::toString(steps.type) << ", width " << width);
      at::manual_seed(5);
      check(steps, width, [&](at::IntArrayRef shape) { return at::randn(shape).to(steps.type); });
    }
  }
}

constexpr std::int64_t kRows = 3;
constexpr float kEpsilon = 1e-5F;

}  // namespace

TEST_CASE("rows are normalised, and gradients pass, as rms_norm does it") {
  for_all([](const Steps& steps, std::int64_t width, const auto& elements) {
    const at::Tensor hidden = at::randn({kRows, width}) * 20, weight = at::randn({width}), passed = at::randn({kRows, width});
    const at::Tensor normed = elements({kRows, width}), scales = at::empty({kRows}), slope = elements({kRows, width}),
                     gradient = at::empty({kRows, width});
    steps.table->normalise(floats(hidden), floats(weight), kEpsilon, kRows, width, written(normed), scales.mutable_data_ptr<float>());
    steps.table->normalise_backward(read(slope), floats(hidden), floats(weight), floats(scales), floats(passed), kRows, width,
                                    gradient.mutable_data_ptr<float>());
    const at::Tensor x = exact(hidden), y = paa::nn::rms_norm(x, weight.to(at::kDouble), kEpsilon);
    CHECK(relative_error(normed, y) < steps.tolerance);
    (y * slope.to(at::kDouble)).sum().backward();
    // Of one number alone the slope is a difference of nearly equal ones.
    if (width > 1) CHECK(relative_error(gradient, x.grad() + passed) < 2e-6);
  });
}

TEST_CASE("a change is added to the stream") {
  for_all([](const Steps& steps, std::int64_t width, const auto& elements) {
    const at::Tensor hidden = at::randn({width}), change = elements({width}), sum = at::empty({width});
    steps.table->add(floats(hidden), read(change), width, sum.mutable_data_ptr<float>());
    CHECK(at::equal(sum, hidden + change.to(at::kFloat)));
  });
}

TEST_CASE("SwiGLU and its gradient") {
  for_all([](const Steps& steps, std::int64_t width, const auto& elements) {
    const at::Tensor both = (elements({kRows, 2 * width}) * 4).contiguous(), slope = elements({kRows, width}),
                     gated = elements({kRows, width}), gradient = elements({kRows, 2 * width});
    steps.table->gate(read(both), kRows, width, written(gated));
    steps.table->gate_backward(read(both), read(slope), kRows, width, written(gradient));
    const at::Tensor x = exact(both), gate = x.narrow(1, 0, width), y = gate * gate.sigmoid() * x.narrow(1, width, width);
    CHECK(relative_error(gated, y) < steps.tolerance);
    (y * slope.to(at::kDouble)).sum().backward();
    CHECK(relative_error(gradient, x.grad()) < steps.tolerance);
  });
}

TEST_CASE("a gate far open or shut gives no nonsense") {
  for (const Steps& steps : all_steps()) {
    INFO(steps.name << " " << c10::toString(steps.type));
    const at::Tensor both = at::tensor({-1e30F, -200.0F, -88.0F, 88.0F, 200.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F}).to(steps.type);
    const at::Tensor gated = at::empty({5}, steps.type);
    steps.table->gate(read(both), 1, 5, written(gated));
    CHECK(at::allclose(gated.to(at::kFloat), at::tensor({0.0F, 0.0F, 0.0F, 88.0F, 200.0F}), 1e-2, 1e-6));
  }
}

TEST_CASE("heads are turned as rotate() turns them, and back") {
  for (const Steps& steps : all_steps()) {
    INFO(steps.name << " " << c10::toString(steps.type));
    at::manual_seed(6);
    constexpr std::int64_t kHeads = 3, kWidth = 64;
    const at::Tensor x = at::randn({1, 1, kHeads, kWidth}).to(steps.type);
    const paa::nn::Rotary angles = paa::nn::rotary(at::full({1, 1}, 17, at::kLong), kWidth, 1e4, steps.type);
    const auto turn = [&](const at::Tensor& from, bool backward) {
      at::Tensor to = at::empty({1, 1, kHeads, kWidth}, steps.type);
      steps.table->turn(read(from), kWidth, written(to), kWidth, kHeads, kWidth, read(angles.cosine), read(angles.sine), backward);
      return to;
    };
    const paa::nn::Rotary exactly{angles.cosine.to(at::kDouble), angles.sine.to(at::kDouble)};
    CHECK(relative_error(turn(x, false), paa::nn::rotate(x.to(at::kDouble), exactly)) < steps.tolerance);
    CHECK(relative_error(turn(turn(x, false), true), x) < 3 * steps.tolerance);
  }
}

TEST_CASE("softmax under a mask and its gradient") {
  for_all([](const Steps& steps, std::int64_t width, const auto& elements) {
    constexpr float kFactor = 0.125F;
    const at::Tensor scores = (elements({width}) * 30).contiguous(), mask = at::zeros({width}), slope = elements({width});
    if (width > 3) mask[width / 2] = -1e9F;
    const at::Tensor shares = scores.clone(), gradient = slope.clone();
    steps.table->softmax(written(shares), floats(mask), kFactor, width);
    const at::Tensor x = exact(scores), y = at::softmax(x * kFactor + mask, -1);
    CHECK(relative_error(shares, y) < steps.tolerance);
    CHECK((shares.to(at::kFloat).masked_select(mask < 0) == 0).all().item<bool>());
    steps.table->softmax_backward(written(gradient), read(shares), kFactor, width);
    (y * slope.to(at::kDouble)).sum().backward();
    CHECK((gradient - x.grad()).abs().max().item<double>() < 2 * steps.tolerance);
    const at::Tensor unmasked = scores.clone();
    steps.table->softmax(written(unmasked), nullptr, kFactor, width);
    CHECK(relative_error(unmasked, at::softmax(scores.to(at::kDouble) * kFactor, -1)) < steps.tolerance);
  });
}

TEST_CASE("what is no number stays none") {
  for (const Steps& steps : all_steps()) {
    INFO(steps.name << " " << c10::toString(steps.type));
    constexpr std::int64_t kWidth = 20;
    const auto bad = [&](at::ScalarType type) {
      at::Tensor x = at::ones({kWidth}, type);
      x[3] = std::numeric_limits<float>::quiet_NaN();
      return x;
    };
    const at::Tensor weight = at::ones({kWidth}), scales = at::empty({1}), normed = at::empty({kWidth}, steps.type);
    steps.table->normalise(floats(bad(at::kFloat)), floats(weight), kEpsilon, 1, kWidth, written(normed), scales.mutable_data_ptr<float>());
    CHECK(at::isnan(normed).all().item<bool>());
    const at::Tensor shares = bad(steps.type), gated = at::empty({kWidth / 2}, steps.type);
    steps.table->softmax(written(shares), nullptr, 1, kWidth);
    CHECK(at::isnan(shares).all().item<bool>());
    steps.table->gate(read(bad(steps.type)), 1, kWidth / 2, written(gated));
    CHECK(at::isnan(gated)[3].item<bool>());
  }
}
