#pragma once
// A finished training as a model folder that scores photos.

#include <filesystem>

#include "paa/checkpoint/model_folder.h"
#include "pmllm/load_fusion.h"

namespace paa {

/// Makes the folder `out` with the frozen parts of `base` (hard links where the file system allows, else copies), the
/// fusion file from `tensors` and `config_json`, and model.json last: a folder with a model.json is whole. Returns the
/// fusion file.
std::filesystem::path write_model(const std::filesystem::path& out, const ModelFolder& base, const std::string& name,
                                  const NamedTensors& tensors, const std::string& config_json,
                                  const std::string& licence);

}  // namespace paa
