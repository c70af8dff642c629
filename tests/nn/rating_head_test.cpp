#include "paa/nn/rating_head.h"

#include <cmath>

#include "golden.h"
#include "torch_catch.h"

TEST_CASE("the read-out is the softmax of the scaled and shifted products with the words' rows") {
  const at::NoGradGuard no_grad;
  at::manual_seed(1);
  const at::Tensor rows = at::randn({5, 16}), hidden = at::randn({4, 16}) * 20;
  paa::nn::RatingHead head(rows);
  head->log_temperature.fill_(0.3);
  head->bias.copy_(at::arange(5, at::kFloat));
  const at::Tensor y = hidden / (hidden.pow(2).mean(1, true) + 1e-5).sqrt();
  const at::Tensor expected = std::exp(0.3) * y.mm(rows.t()) + at::arange(5, at::kFloat);
  CHECK(relative_error(head->forward(hidden), expected) < 1e-5);
}

TEST_CASE("only temperature and biases learn") {
  paa::nn::RatingHead head(at::randn({5, 16}));
  head->forward(at::randn({2, 16})).sum().backward();
  CHECK(head->parameters().size() == 2);
  CHECK_FALSE(head->rows.requires_grad());
  CHECK(head->bias.grad().defined());
}

TEST_CASE("moments of the level distribution are on the rating scale") {
  const auto certain = paa::nn::rating_moments(at::tensor({0.0, 0.0, 0.0, 0.0, 1.0}).unsqueeze(0), 1, 7);
  CHECK(certain.mean.item<double>() == Approx(7));
  CHECK(certain.spread.item<double>() == Approx(0).margin(1e-6));
  const auto even = paa::nn::rating_moments(at::full({1, 5}, 0.2, at::kDouble), 1, 7);
  CHECK(even.mean.item<double>() == Approx(4));
  CHECK(even.spread.item<double>() == Approx(1.5 * std::sqrt(2.0)));
}
