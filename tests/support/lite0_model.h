#pragma once
// The smaller and faster of the fetched models, whatever the default is: golden values were made with it.

#include <filesystem>

#include "paa/checkpoint/model_folder.h"

inline std::filesystem::path lite0_folder() { return paa::paa_home() / "models" / "smollm2-135m-efficientnet-lite0"; }
