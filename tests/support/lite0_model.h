#pragma once
// The smaller and faster of the fetched models, whatever the default is: golden values were made with it.

#include <filesystem>

#include "catch.h"
#include "paa/checkpoint/model_folder.h"

inline std::filesystem::path lite0_folder() { return paa::paa_home() / "models" / "smollm2-135m-efficientnet-lite0"; }

/// Whether it was fetched; warns where it was not, so that the case can end.
inline bool lite0_installed() {
  if (std::filesystem::exists(lite0_folder() / "model.json")) return true;
  WARN("skipped: the model is absent; run sh examples/quickstart.sh once");
  return false;
}
