#include "paa/nn/taste_fusion.h"

#include <ATen/core/grad_mode.h>

#include "golden.h"
#include "paa/core/error.h"
#include "torch_catch.h"

using paa::nn::pool_vision;
using paa::nn::TasteFusion;

namespace {

TasteFusion small() {
  at::manual_seed(5);
  TasteFusion fusion(paa::nn::TasteFusionOptions{10, 4, {12, 8, 2, 2, 6}});
  const at::NoGradGuard no_grad;
  fusion->output.copy_(at::randn({12}));
  return fusion;
}

}  // namespace

TEST_CASE("a match moves every token along one direction, by its size and sign") {
  const at::NoGradGuard no_grad;
  const TasteFusion fusion = small();
  const at::Tensor hidden = at::randn({2, 3, 12}), match = at::tensor({0.5F, -2.0F});
  const at::Tensor moved = fusion->forward(hidden, match) - hidden;
  for (int b = 0; b < 2; ++b) {
    for (int t = 0; t < 3; ++t) {
      const at::Tensor rms = hidden[b][t].pow(2).mean().sqrt();
      CHECK(relative_error(moved[b][t], match[b] * rms * fusion->output) < 1e-5);
    }
  }
}

TEST_CASE("no taste moves nothing, bit for bit, and so does a fusion that has learned nothing") {
  const at::NoGradGuard no_grad;
  const TasteFusion fusion = small();
  const at::Tensor hidden = at::randn({2, 3, 12}), looks = fusion->look(at::randn({2, 10}));
  CHECK(at::equal(fusion->forward(hidden, fusion->match(at::zeros({1, 4}), looks)), hidden));
  const at::Tensor taste = fusion->taste(at::randn({1, 5, 12}));
  CHECK_FALSE(at::equal(fusion->forward(hidden, fusion->match(taste, looks)), hidden));
  fusion->output.zero_();
  CHECK(at::equal(fusion->forward(hidden, fusion->match(taste, looks)), hidden));
}

TEST_CASE("all matches at once are those of the pairs") {
  const at::NoGradGuard no_grad;
  const TasteFusion fusion = small();
  const at::Tensor tastes = at::randn({3, 4}), looks = at::randn({2, 4}), all = fusion->match_all(tastes, looks);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 2; ++j) {
      CHECK(all[i][j].item<float>() == Approx(fusion->match(tastes.narrow(0, i, 1), looks.narrow(0, j, 1)).item<float>()));
      CHECK(all[i][j].item<float>() == Approx((tastes[i] * looks[j]).sum().item<float>() / 2));
    }
  }
}

TEST_CASE("padding is no part of a pooled photo") {
  const at::Tensor tokens = at::randn({1, 5, 10});
  const at::Tensor keep = at::tensor({1, 1, 1, 0, 0}).to(at::kBool).unsqueeze(0);
  CHECK(relative_error(pool_vision(tokens, keep), tokens.narrow(1, 0, 3).mean(1)) < 1e-6);
  CHECK(at::equal(pool_vision(tokens), tokens.mean(1)));
}

TEST_CASE("a width of nothing is refused") {
  CHECK_THROWS_AS(TasteFusion(paa::nn::TasteFusionOptions{10, 0, {12, 8, 2, 2, 6}}), paa::Error);
}
