// A training on disk.

#include "training_checkpoint.h"

#include "core/refusal.h"
#include "core/temporary_folder.h"
#include "torch_catch.h"

namespace {

paa::NamedTensors parameters(double start) {
  return {{"fusion.22.query", at::full({2, 3}, start).requires_grad_(true)}, {"readout.bias", at::full({5}, -start).requires_grad_(true)}};
}

paa::FusionOptimiser optimiser(double start, int steps) {
  paa::FusionOptimiser optimiser(parameters(start), paa::TrainingConfig(), 10);
  for (int step = 0; step < steps; ++step) {
    for (const auto& [name, parameter] : optimiser.parameters()) at::Tensor(parameter).mutable_grad() = at::ones_like(parameter) * (step + 1);
    optimiser.step(step);
  }
  return optimiser;
}

}  // namespace

TEST_CASE("a checkpoint brings back weights, moments, averages, position and the best weights") {
  const TemporaryFolder folder;
  const auto file = folder / "checkpoint.safetensors";
  paa::FusionOptimiser first = optimiser(1, 3);
  const paa::NamedTensors best = {{"fusion.22.query", at::full({2, 3}, 8.0)}, {"readout.bias", at::full({5}, 9.0)}};
  paa::save_checkpoint(file, {&first}, {3, 1234, 0.1 + 0.2}, best, "this one");
  paa::FusionOptimiser second = optimiser(5, 0);
  paa::NamedTensors found_best;
  const auto position = paa::load_checkpoint(file, {&second}, found_best, "this one");
  REQUIRE(position);
  CHECK((position->step == 3 && position->metrics_bytes == 1234 && position->best_validation == 0.1 + 0.2));
  const auto kept = first.state(), found = second.state();
  REQUIRE(kept.size() == found.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CHECK(kept[i].first == found[i].first);
    CHECK(at::equal(kept[i].second, found[i].second));
  }
  for (std::size_t i = 0; i < 2; ++i) CHECK(at::equal(first.parameters()[i].second, second.parameters()[i].second));
  REQUIRE(found_best.size() == 2);
  CHECK(at::equal(found_best[1].second, best[1].second));
}

TEST_CASE("a checkpoint of two phases brings back one that has ended and one that has not begun") {
  const TemporaryFolder folder;
  const auto file = folder / "checkpoint.safetensors";
  const auto with_taste = [](double start) {
    return paa::FusionOptimiser({{"taste.photo", at::full({2, 2}, start).requires_grad_(true)}}, paa::TrainingConfig(), 5);
  };
  paa::FusionOptimiser ended = optimiser(1, 3), waiting = with_taste(2);
  paa::save_checkpoint(file, {&ended, &waiting}, {3, 0, 0}, {}, "two");
  paa::FusionOptimiser first = optimiser(7, 0), second = with_taste(7);
  paa::NamedTensors best;
  REQUIRE(paa::load_checkpoint(file, {&first, &second}, best, "two"));
  CHECK((first.taken() == 3 && second.taken() == 0));
  CHECK(at::equal(second.parameters()[0].second, at::full({2, 2}, 2.0)));
  CHECK(at::equal(first.average()[0], ended.average()[0]));
}

TEST_CASE("no checkpoint is no error") {
  const TemporaryFolder folder;
  paa::FusionOptimiser anything = optimiser(1, 0);
  paa::NamedTensors best;
  CHECK_FALSE(paa::load_checkpoint(folder / "none", {&anything}, best, "x"));
}

TEST_CASE("a checkpoint of another training is refused with what to do, and changes nothing") {
  const TemporaryFolder folder;
  const auto file = folder / "checkpoint.safetensors";
  paa::FusionOptimiser saved = optimiser(1, 2);
  paa::save_checkpoint(file, {&saved}, {}, {}, "this one");
  paa::FusionOptimiser other = optimiser(5, 0);
  paa::NamedTensors best;
  const Refusal refused = refusal([&] { paa::load_checkpoint(file, {&other}, best, "another"); });
  CHECK(refused.code == paa::ErrorCode::kMismatch);
  CHECK_THAT(refused.message, Catch::Contains("checkpoint.safetensors") && Catch::Contains("another output folder") && Catch::Contains("delete"));
  CHECK(at::equal(other.parameters()[0].second, at::full({2, 3}, 5.0)));
  paa::write_tensors(file, {{"x", at::ones({1})}}, {});
  CHECK(refusal([&] { paa::load_checkpoint(file, {&other}, best, "x"); }).code == paa::ErrorCode::kBadFormat);
}
