// The terms of the loss against NumPy and torch.nn.functional (tests/oracles/make_training_goldens.py).

#include "losses.h"

#include <cmath>
#include <filesystem>
#include <functional>

#include "paa/core/json.h"
#include "torch_catch.h"

namespace {

const paa::Json& golden() {
  static const paa::Json json = paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "training.json")["losses"];
  return json;
}

at::Tensor vector(const char* key) { return at::tensor(golden()[key].get<std::vector<double>>(), at::kDouble); }

at::Tensor matrix(const char* key) {
  std::vector<double> flat;
  for (const auto& row : golden()[key].get<std::vector<std::vector<double>>>()) flat.insert(flat.end(), row.begin(), row.end());
  return at::tensor(flat, at::kDouble).view({-1, 5});
}

// The largest difference of a loss's gradient from central differences.
double gradient_error(const std::function<at::Tensor(const at::Tensor&)>& loss, const at::Tensor& at) {
  const at::Tensor x = at.clone().requires_grad_(true);
  loss(x).backward();
  const at::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  double worst = 0;
  for (std::int64_t i = 0; i < at.numel(); ++i) {
    at::Tensor up = at.clone(), down = at.clone();
    up.flatten()[i] += kStep;
    down.flatten()[i] -= kStep;
    const double slope = (loss(up) - loss(down)).item<double>() / (2 * kStep);
    worst = std::max(worst, std::abs(slope - x.grad().flatten()[i].item<double>()));
  }
  return worst;
}

}  // namespace

TEST_CASE("the loss terms are what NumPy and PyTorch's own functions say") {
  const at::Tensor logits = matrix("logits"), targets = matrix("targets");
  CHECK(paa::soft_cross_entropy(logits, targets).item<double>() == Approx(golden()["cross_entropy"].get<double>()).epsilon(1e-12));
  CHECK(at::allclose(paa::expected_level(at::softmax(logits, -1)), vector("predicted"), 0, 1e-12));
  CHECK(at::allclose(paa::expected_level(targets), vector("wanted"), 0, 1e-12));
  const at::Tensor predicted = vector("predicted"), wanted = vector("wanted");
  CHECK(paa::plcc_loss(predicted, wanted).item<double>() == Approx(golden()["plcc"].get<double>()).epsilon(1e-10));
  CHECK(paa::pairwise_loss(predicted, wanted).item<double>() == Approx(golden()["pairwise"].get<double>()).epsilon(1e-12));
}

TEST_CASE("gradients of the loss terms are the slopes of central differences") {
  const at::Tensor targets = matrix("targets"), wanted = vector("wanted");
  CHECK(gradient_error([&](const at::Tensor& x) { return paa::soft_cross_entropy(x, targets); }, matrix("logits")) < 1e-8);
  CHECK(gradient_error([&](const at::Tensor& x) { return paa::plcc_loss(x, wanted); }, vector("predicted")) < 1e-8);
  CHECK(gradient_error([&](const at::Tensor& x) { return paa::pairwise_loss(x, wanted); }, vector("predicted")) < 1e-8);
}

TEST_CASE("correlation loss: 0 for the same order of distances, 2 for the reverse, 1 without variance") {
  const at::Tensor wanted = vector("wanted");
  CHECK(paa::plcc_loss(wanted * 3 + 5, wanted).item<double>() == Approx(0).margin(1e-9));
  CHECK(paa::plcc_loss(-wanted, wanted).item<double>() == Approx(2));
  const at::Tensor constant = at::full({7}, 2.5, at::kDouble).requires_grad_(true);
  const at::Tensor loss = paa::plcc_loss(constant, wanted);
  CHECK(loss.item<double>() == Approx(1));
  loss.backward();
  CHECK(at::isfinite(constant.grad()).all().item<bool>());
  CHECK(paa::pairwise_loss(vector("predicted"), at::ones({7}, at::kDouble)).item<double>() == 0);
}

TEST_CASE("the pairwise loss falls when a wrong pair is put right") {
  const at::Tensor wanted = at::tensor({1.0, 2.0, 4.0});
  const double wrong = paa::pairwise_loss(at::tensor({4.0, 2.0, 1.0}), wanted).item<double>(),
               right = paa::pairwise_loss(at::tensor({1.0, 2.0, 4.0}), wanted).item<double>();
  CHECK(right < std::log(2));
  CHECK(wrong > std::log(2));
}
