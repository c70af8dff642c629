// Five steps against torch.optim.AdamW of Python (tests/oracles/make_training_goldens.py).

#include "fusion_optimiser.h"

#include <filesystem>
#include <map>

#include "paa/core/json.h"
#include "torch_catch.h"

namespace {

const paa::Json& golden() {
  static const paa::Json json = paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "training.json")["optimiser"];
  return json;
}

std::int64_t steps() { return static_cast<std::int64_t>(golden()["steps"].size()); }

paa::TrainingConfig config() {
  paa::TrainingConfig config;
  const paa::Json& json = golden()["config"];
  config.warmup_steps = json["warmup_steps"];
  config.clip = json["clip"];
  config.ema = json["ema"];
  config.weight_decay = json["weight_decay"];
  const paa::Json& rates = json["learning_rate"];
  config.learning_rate = {rates["main"], rates["gate"], rates["gate_profile"], rates["scalars"]};
  return config;
}

at::Tensor tensor_of(const paa::Json& values, at::IntArrayRef shape) {
  return at::tensor(values.get<std::vector<float>>()).view(shape).clone();
}

paa::NamedTensors begin() {
  paa::NamedTensors tensors;
  for (const paa::Json& one : golden()["parameters"]) {
    const auto shape = one["shape"].get<std::vector<std::int64_t>>();
    tensors.emplace_back(one["name"].get<std::string>(), tensor_of(one["values"], shape).requires_grad_(true));
  }
  return tensors;
}

double take(paa::FusionOptimiser& optimiser, std::int64_t step) {
  const paa::Json& gradients = golden()["steps"][static_cast<std::size_t>(step)]["gradients"];
  for (const auto& [name, parameter] : optimiser.parameters()) {
    at::Tensor(parameter).mutable_grad() = tensor_of(gradients[name], parameter.sizes());
  }
  return optimiser.step(step);
}

void check_weights(const paa::FusionOptimiser& optimiser, std::int64_t step) {
  const paa::Json& expected = golden()["steps"][static_cast<std::size_t>(step)];
  for (std::size_t i = 0; i < optimiser.parameters().size(); ++i) {
    const auto& [name, parameter] = optimiser.parameters()[i];
    CAPTURE(name, step);
    CHECK(at::allclose(parameter.detach(), tensor_of(expected["parameters"][name], parameter.sizes()), 1e-5, 1e-6));
    CHECK(at::allclose(optimiser.average()[i], tensor_of(expected["average"][name], parameter.sizes()), 1e-5, 1e-6));
  }
}

}  // namespace

TEST_CASE("the optimiser takes the steps of Python's AdamW, with every kind of parameter at its own rate") {
  paa::FusionOptimiser optimiser(begin(), config(), steps());
  for (std::int64_t step = 0; step < steps(); ++step) {
    const paa::Json& expected = golden()["steps"][static_cast<std::size_t>(step)];
    CHECK(optimiser.schedule(step) == Approx(expected["factor"].get<double>()));
    CHECK(take(optimiser, step) == Approx(expected["norm"].get<double>()).epsilon(1e-5));
    check_weights(optimiser, step);
  }
}

TEST_CASE("an optimiser that was put away goes on with the same bits") {
  paa::FusionOptimiser first(begin(), config(), steps());
  for (std::int64_t step = 0; step < 2; ++step) take(first, step);
  std::map<std::string, at::Tensor> kept;
  for (const auto& [name, tensor] : first.state()) kept[name] = tensor.clone();
  paa::NamedTensors weights;
  for (const auto& [name, tensor] : first.parameters()) weights.emplace_back(name, tensor.detach().clone().requires_grad_(true));
  paa::FusionOptimiser second(weights, config(), steps());
  second.restore([&](const std::string& name) { return kept.at(name); }, 2);
  for (std::int64_t step = 2; step < steps(); ++step) {
    take(first, step);
    take(second, step);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CHECK(at::equal(first.parameters()[i].second, second.parameters()[i].second));
    CHECK(at::equal(first.average()[i], second.average()[i]));
  }
}

TEST_CASE("a gradient that is no number changes nothing and is told") {
  paa::FusionOptimiser optimiser(begin(), config(), steps());
  for (const auto& [name, parameter] : optimiser.parameters()) at::Tensor(parameter).mutable_grad() = at::ones_like(parameter);
  optimiser.parameters()[1].second.grad().fill_(std::numeric_limits<float>::quiet_NaN());
  CHECK_FALSE(std::isfinite(optimiser.step(0)));
  const paa::NamedTensors before = begin();
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(at::equal(before[i].second, optimiser.parameters()[i].second));
}

TEST_CASE("rates rise in a line and fall in a cosine to nearly nothing") {
  paa::TrainingConfig plain;
  plain.warmup_steps = 10;
  const paa::FusionOptimiser optimiser({}, plain, 100);
  CHECK(optimiser.schedule(0) == Approx(0.1));
  CHECK(optimiser.schedule(99) < 1e-3);
  for (std::int64_t step = 1; step < 100; ++step) {
    if (step < 10) CHECK(optimiser.schedule(step) > optimiser.schedule(step - 1));
    if (step > 10) CHECK(optimiser.schedule(step) < optimiser.schedule(step - 1));
  }
}
