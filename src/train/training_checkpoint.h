#pragma once
// A training on disk, so that it goes on after a kill as if nothing had happened.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fusion_optimiser.h"

namespace paa {

/// Where a training stands. The random numbers of a step depend on the seed and the step alone, so the position is all
/// there is to keep of them.
struct TrainingPosition {
  std::int64_t step = 0;            ///< steps done
  std::uint64_t metrics_bytes = 0;  ///< length of the metrics file at that moment
  double best_validation = -2;      ///< best correlation so far; -2: none
};

/// Writes parameters, optimisers (one a phase), averages and position, whole or not at all. `identity` is of the
/// configuration, data and model. `best`: the weights of the best validation by the parameters' names; may be empty.
void save_checkpoint(const std::filesystem::path& file, const std::vector<FusionOptimiser*>& optimisers,
                     const TrainingPosition& position, const NamedTensors& best, const std::string& identity);

/// Takes up what save_checkpoint wrote; nothing if there is no such file. Errors: kMismatch (of another configuration,
/// data set or model: says what to do), kBadFormat.
std::optional<TrainingPosition> load_checkpoint(const std::filesystem::path& file,
                                                const std::vector<FusionOptimiser*>& optimisers, NamedTensors& best,
                                                const std::string& identity);

/// Writes tensors, all fp32, as safetensors.
void write_tensors(const std::filesystem::path& file, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata);

}  // namespace paa
