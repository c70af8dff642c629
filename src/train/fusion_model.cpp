#include "fusion_model.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <string>

#include "paa/nn/attention.h"

namespace paa {
namespace {

void fill(at::Tensor parameter, const std::string& name, Random& random) {
  float* values = parameter.mutable_data_ptr<float>();
  const bool gate = name.starts_with("gate_");
  const double bound = parameter.dim() == 2 ? 1 / std::sqrt(static_cast<double>(parameter.size(1))) : 0;
  for (std::int64_t i = 0; i < parameter.numel(); ++i) {
    values[i] = parameter.dim() < 2
                    ? 0
                    : static_cast<float>(gate ? 0.01 * random.normal() : bound * (2 * random.uniform() - 1));
  }
}

}  // namespace

void initialise(FusionModules& modules, Random& random) {
  const c10::NoGradGuard no_grad;
  for (auto& module : modules.fusion) {
    for (auto& parameter : module->named_parameters()) fill(parameter.value(), parameter.key(), random);
  }
  if (modules.taste) {
    for (auto& parameter : modules.taste->named_parameters()) fill(parameter.value(), parameter.key(), random);
  }
  for (auto& parameter : modules.head->named_parameters()) parameter.value().zero_();
}

at::Tensor FusionModel::forward(const FusionBatch& batch) const {
  const PrefixStore::Batch people = prefixes_.gather(batch.texts);
  const at::Tensor vision =
      nn::normalise_vision(tokens_.tokens(batch.rows), modules_.vision.mean, modules_.vision.scale);
  const at::Tensor present = tokens_.present(batch.rows);
  const at::Tensor keep = batch.keep.defined() ? present.logical_and(batch.keep) : present;
  const std::int64_t suffix = prefixes_.suffix_tokens(), longest = people.past.front().length();
  const nn::Rotary angles = decoder_.angles(people.lengths.unsqueeze(1) + at::arange(suffix, at::kLong).unsqueeze(0));
  const at::Tensor mask = nn::causal_mask(suffix, longest, people.lengths);

  at::Tensor hidden = people.suffix;
  std::size_t module = 0;
  const std::int64_t first = config_.layers.front(), layers = decoder_.config().layers;
  for (std::int64_t layer = first; layer < layers; ++layer) {
    if (module < config_.layers.size() && config_.layers[module] == layer) {
      const Standardisation& s = modules_.profile[module];
      const nn::SelectiveFusion& fusion = modules_.fusion[module];
      hidden =
          fusion->forward(hidden, nn::normalise_profile(people.profiles[module], s.mean, s.scale),
                          fusion->project(vision), keep, batch.dropout.empty() ? at::Tensor() : batch.dropout[module]);
      if (module == 0 && tastes_.defined()) hidden = with_tastes(hidden, batch.texts, nn::pool_vision(vision, present));
      ++module;
    }
    const std::int64_t wanted = layer + 1 == layers ? 1 : suffix;
    hidden = decoder_.block(layer, hidden, angles, people.past[static_cast<std::size_t>(layer - first)], mask, wanted)
                 .hidden;
  }
  return modules_.head->forward(hidden.select(1, -1));
}

at::Tensor FusionModel::with_tastes(const at::Tensor& hidden, const std::vector<std::uint32_t>& texts,
                                    const at::Tensor& pooled) const {
  const at::Tensor which = at::tensor(std::vector<std::int64_t>(texts.begin(), texts.end()), at::kLong);
  const at::Tensor tastes = at::index_select(tastes_, 0, which);
  return modules_.taste->forward(hidden, modules_.taste->match(tastes, modules_.taste->look(pooled)));
}

}  // namespace paa
