#include "paa/nn/profile_reader.h"

#include <ATen/core/grad_mode.h>

#include "golden.h"
#include "paa/core/error.h"
#include "torch_catch.h"

using paa::nn::ProfileReader;
using paa::nn::ProfileReaderOptions;

namespace {

// D 12, width 8, 2 heads, 3 pools, reading 6.
ProfileReader reader(std::uint64_t seed) {
  at::manual_seed(seed);
  return ProfileReader(ProfileReaderOptions{12, 8, 2, 3, 6});
}

}  // namespace

TEST_CASE("a profile reader is a pre-norm layer that looks both ways and sums with signs, written out one by one") {
  const at::NoGradGuard no_grad;
  const ProfileReader r = reader(2);
  const at::Tensor h = at::randn({5, 12});
  const auto norm = [](const at::Tensor& v) { return v / (v.pow(2).mean() + 1e-5).sqrt(); };
  std::vector<at::Tensor> x, mixed(5);
  for (int t = 0; t < 5; ++t) x.push_back(at::mv(r->embed, h[t]));
  for (int t = 0; t < 5; ++t) {
    at::Tensor sum = at::zeros({8});
    for (int head = 0; head < 2; ++head) {
      const auto of_head = [&](const at::Tensor& matrix, int s) { return at::mv(matrix, norm(x[s])).narrow(0, 4 * head, 4); };
      at::Tensor scores = at::zeros({5});
      for (int s = 0; s < 5; ++s) scores[s] = of_head(r->query, t).dot(of_head(r->key, s)) / 2;
      const at::Tensor share = scores.softmax(0);
      for (int s = 0; s < 5; ++s) sum.narrow(0, 4 * head, 4) += share[s] * of_head(r->value, s);
    }
    mixed[t] = at::mv(r->output, sum);
  }
  at::Tensor expected = at::zeros({6});
  for (int t = 0; t < 5; ++t) {
    at::Tensor y = x[t] + mixed[t];
    y = y + at::mv(r->narrow, at::mv(r->widen, norm(y)).relu());
    const at::Tensor weight = at::mv(r->attend, y).tanh(), seen = at::mv(r->read, y) + at::mv(r->read_hidden, h[t]);
    for (int i = 0; i < 6; ++i) expected[i] += 0.2 * weight[i / 2] * seen[i];
  }
  CHECK(relative_error(r->forward(h.unsqueeze(0)).squeeze(0), expected) < 1e-5);
}

TEST_CASE("padding changes nothing") {
  const at::NoGradGuard no_grad;
  const ProfileReader r = reader(3);
  const at::Tensor tokens = at::randn({1, 4, 12});
  const at::Tensor padded = at::cat({tokens, at::randn({1, 3, 12})}, 1);
  const at::Tensor present = at::tensor({1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F}).unsqueeze(0);
  CHECK(relative_error(r->forward(padded, present), r->forward(tokens)) < 1e-5);
}

TEST_CASE("the mean of two tokens says less than a reader sees of them") {
  const at::NoGradGuard no_grad;
  const ProfileReader r = reader(4);
  const at::Tensor a = at::randn({1, 2, 12});
  const at::Tensor same_mean = at::stack({a.select(1, 0) + 1, a.select(1, 1) - 1}, 1);
  CHECK(relative_error(same_mean.mean(1), a.mean(1)) < 1e-5);
  CHECK((r->forward(a) - r->forward(same_mean)).abs().max().item<double>() > 1e-3);
}

TEST_CASE("widths that heads or pools do not divide are refused") {
  CHECK_THROWS_AS(ProfileReader(ProfileReaderOptions{12, 8, 3, 2, 6}), paa::Error);
  CHECK_THROWS_AS(ProfileReader(ProfileReaderOptions{12, 8, 2, 4, 6}), paa::Error);
}
