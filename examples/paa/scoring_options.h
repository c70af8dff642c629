#pragma once
// What `paa score` and `paa rank` share: the model, the photos and the decoding pool.

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "paa/pmllm/pmllm.h"
#include "photo_paths.h"

namespace paa::cli {

/// Filled by the parse; must outlive it.
struct ScoringOptions {
  std::string model;
  int jobs = 1;
  std::vector<std::filesystem::path> paths;
};

/// Adds --model and --jobs to the subcommand.
void add_model_options(CLI::App& app, ScoringOptions& options);
/// Same, and PATH...
void add_scoring_options(CLI::App& app, ScoringOptions& options);

/// The photos the options name. What was skipped is said on stderr. Error: kNotFound if there is no photo at all.
FoundPhotos photos_of(const ScoringOptions& options);

/// Errors: those of find_model and Pmllm::load.
Pmllm load_model(const ScoringOptions& options, const Cancel* cancel);

}  // namespace paa::cli
