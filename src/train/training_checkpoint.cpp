#include "training_checkpoint.h"

#include <fmt/format.h>

#include "paa/checkpoint/safetensors.h"
#include "paa/core/json.h"
#include "paa/nn/tensors.h"

namespace paa {
namespace {

constexpr const char* kKey = "paa.training";

}  // namespace

void write_tensors(const std::filesystem::path& file, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata) {
  std::vector<TensorToWrite> entries;
  std::vector<at::Tensor> held;
  for (const auto& [name, tensor] : tensors) {
    held.push_back(tensor.detach().to(at::kFloat).contiguous());
    const auto* bytes = static_cast<const std::byte*>(held.back().const_data_ptr());
    entries.push_back({name, DType::kF32, tensor.sizes().vec(), {bytes, held.back().nbytes()}});
  }
  write_safetensors(file, std::move(entries), metadata);
}

void save_checkpoint(const std::filesystem::path& file, const std::vector<FusionOptimiser*>& optimisers,
                     const TrainingPosition& position, const NamedTensors& best, const std::string& identity) {
  NamedTensors tensors;
  for (const FusionOptimiser* optimiser : optimisers) {
    for (auto& entry : optimiser->state()) tensors.push_back(std::move(entry));
    for (const auto& [name, parameter] : optimiser->parameters()) tensors.emplace_back("weight." + name, parameter);
  }
  for (const auto& [name, tensor] : best) tensors.emplace_back("best." + name, tensor);
  std::vector<std::int64_t> taken;
  for (const FusionOptimiser* optimiser : optimisers) taken.push_back(optimiser->taken());
  const Json json = {{"identity", identity},
                     {"step", position.step},
                     {"optimiser_steps", taken},
                     {"metrics_bytes", position.metrics_bytes},
                     {"best_validation", position.best_validation}};
  write_tensors(file, tensors, {{kKey, to_text(json)}});
}

std::optional<TrainingPosition> load_checkpoint(const std::filesystem::path& file,
                                                const std::vector<FusionOptimiser*>& optimisers, NamedTensors& best,
                                                const std::string& identity) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  const auto source = std::make_shared<const Safetensors>(Safetensors::open(file));
  const auto found = source->metadata().find(kKey);
  if (found == source->metadata().end()) {
    throw Error(ErrorCode::kBadFormat,
                fmt::format("{}: is no checkpoint of a training; choose another output folder", file.string()));
  }
  const Json json = parse_json(found->second, file.string());
  const JsonReader reader(json, file.string());
  if (reader.get<std::string>("identity") != identity) {
    throw Error(
        ErrorCode::kMismatch,
        fmt::format(
            "{}: is of a training with another configuration, data set or model; choose another output folder, or "
            "delete this one to begin anew",
            file.string()));
  }
  TrainingPosition position{reader.get<std::int64_t>("step"), reader.get<std::uint64_t>("metrics_bytes"),
                            reader.get<double>("best_validation")};
  const c10::NoGradGuard no_grad;
  const auto tensor = [&](const std::string& name) {
    return nn::load_tensor(source, name, source->info(name).shape, at::kFloat).clone();
  };
  for (FusionOptimiser* optimiser : optimisers) {
    for (const auto& [name, parameter] : optimiser->parameters()) {
      at::Tensor(parameter).copy_(tensor("weight." + name));
      if (source->find("best." + name) != nullptr) best.emplace_back(name, tensor("best." + name));
    }
  }
  const auto taken = reader.get<std::vector<std::int64_t>>("optimiser_steps");
  if (taken.size() != optimisers.size()) reader.fail("optimiser_steps", "is of another number of optimisers");
  for (std::size_t i = 0; i < taken.size(); ++i) optimisers[i]->restore(tensor, taken[i]);
  return position;
}

}  // namespace paa
