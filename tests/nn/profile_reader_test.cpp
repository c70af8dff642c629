#include "paa/nn/profile_reader.h"

#include <ATen/core/grad_mode.h>

#include "golden.h"
#include "paa/core/error.h"
#include "torch_catch.h"

using paa::nn::ProfileReader;

TEST_CASE("a profile reader sums what its heads read, each token weighed between -1 and 1") {
  const at::NoGradGuard no_grad;
  at::manual_seed(2);
  ProfileReader reader(12, 2, 6);
  const at::Tensor tokens = at::randn({3, 5, 12});
  const at::Tensor weight = at::matmul(tokens, reader->attend.t()).tanh(), seen = at::matmul(tokens, reader->read.t());
  at::Tensor expected = at::zeros({3, 6});
  for (int t = 0; t < 5; ++t) {
    for (int w = 0; w < 6; ++w) expected.select(1, w) += 0.2 * weight.select(1, t).select(1, w / 3) * seen.select(1, t).select(1, w);
  }
  CHECK(relative_error(reader->forward(tokens), expected) < 1e-5);
}

TEST_CASE("padding changes nothing and the order of whole texts is kept") {
  const at::NoGradGuard no_grad;
  at::manual_seed(3);
  ProfileReader reader(12, 2, 6);
  const at::Tensor tokens = at::randn({1, 4, 12});
  const at::Tensor padded = at::cat({tokens, at::randn({1, 3, 12})}, 1);
  const at::Tensor present = at::tensor({1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F}).unsqueeze(0);
  CHECK(relative_error(reader->forward(padded, present), reader->forward(tokens)) < 1e-5);
}

TEST_CASE("the mean of two tokens says less than a reader sees of them") {
  const at::NoGradGuard no_grad;
  at::manual_seed(4);
  ProfileReader reader(12, 2, 6);
  const at::Tensor a = at::randn({1, 2, 12});
  const at::Tensor same_mean = at::stack({a.select(1, 0) + 1, a.select(1, 1) - 1}, 1);
  CHECK(relative_error(same_mean.mean(1), a.mean(1)) < 1e-5);
  CHECK((reader->forward(a) - reader->forward(same_mean)).abs().max().item<double>() > 1e-3);
}

TEST_CASE("a width that its heads do not divide is refused") { CHECK_THROWS_AS(ProfileReader(12, 4, 6), paa::Error); }
