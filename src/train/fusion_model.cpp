#include "fusion_model.h"

#include <cmath>
#include <string>

#include "paa/nn/attention.h"

namespace paa {
namespace {

void fill(at::Tensor parameter, const std::string& name, bool reader, Random& random) {
  float* values = parameter.mutable_data_ptr<float>();
  const bool gate = name.starts_with("gate_") && !(reader && name == "gate_profile");
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
    for (auto& parameter : module->named_parameters())
      fill(parameter.value(), parameter.key(), !modules.readers.empty(), random);
  }
  for (auto& module : modules.readers) {
    for (auto& parameter : module->named_parameters()) fill(parameter.value(), parameter.key(), true, random);
  }
  for (auto& parameter : modules.head->named_parameters()) parameter.value().zero_();
}

at::Tensor FusionModel::profile_logits(std::span<const std::uint32_t> texts) const {
  const PrefixStore::Profiles profiles = prefixes_.gather_profiles(texts);
  const std::size_t last = modules_.fusion.size() - 1;
  return modules_.fusion[last]->profile_logits(profile_state(modules_, last, profiles.states[last], profiles.present));
}

FusionModel::Output FusionModel::forward(const FusionBatch& batch) const {
  const PrefixStore::Batch people = prefixes_.gather(batch.texts);
  const at::Tensor vision =
      nn::normalise_vision(tokens_.tokens(batch.rows), modules_.vision.mean, modules_.vision.scale);
  const at::Tensor present = tokens_.present(batch.rows);
  const at::Tensor keep = batch.keep.defined() ? present.logical_and(batch.keep) : present;
  const std::int64_t suffix = prefixes_.suffix_tokens(), longest = people.past.front().length();
  const nn::Rotary angles = decoder_.angles(people.lengths.unsqueeze(1) + at::arange(suffix, at::kLong).unsqueeze(0));
  const at::Tensor mask = nn::causal_mask(suffix, longest, people.lengths);

  Output output;
  at::Tensor hidden = people.suffix;
  std::size_t module = 0;
  const std::int64_t first = config_.layers.front(), layers = decoder_.config().layers;
  for (std::int64_t layer = first; layer < layers; ++layer) {
    if (module < config_.layers.size() && config_.layers[module] == layer) {
      const at::Tensor profile =
          profile_state(modules_, module, people.profiles.states[module], people.profiles.present);
      const nn::SelectiveFusion& fusion = modules_.fusion[module];
      const nn::VisionKeyValues seen = fusion->project(vision);
      if (module + 1 == config_.layers.size()) {
        output.seen = fusion->look(hidden.narrow(1, suffix - 1, 1), seen, keep).select(1, 0);
        output.profile_logits = fusion->profile_logits(profile);
      }
      hidden =
          fusion->forward(hidden, profile, seen, keep, batch.dropout.empty() ? at::Tensor() : batch.dropout[module]);
      ++module;
    }
    const std::int64_t wanted = layer + 1 == layers ? 1 : suffix;
    hidden = decoder_.block(layer, hidden, angles, people.past[static_cast<std::size_t>(layer - first)], mask, wanted)
                 .hidden;
  }
  output.logits = modules_.head->forward(hidden.select(1, -1));
  return output;
}

}  // namespace paa
