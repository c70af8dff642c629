#include "scoring_options.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <thread>

#include "console.h"
#include "paa/checkpoint/model_folder.h"

namespace paa::cli {
namespace {

// More decoders than this wait for the model, and each may hold a large photo.
constexpr unsigned kMostDefaultJobs = 4;

}  // namespace

void add_model_options(CLI::App& app, ScoringOptions& options) {
  options.jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, kMostDefaultJobs));
  app.add_option("--model", options.model,
                 "A model's folder, or its name in `paa models`; else $PAA_MODEL, else the default")
      ->option_text("DIR|NAME");
  app.add_option("--jobs", options.jobs,
                 fmt::format("Photos to decode at a time, 1 to 64 (here {}); never changes a score", options.jobs))
      ->option_text("N")
      ->check(CLI::Range(1, 64));
}

void add_scoring_options(CLI::App& app, ScoringOptions& options) {
  app.add_option("PATH", options.paths, "Photos (JPEG, PNG, BMP, GIF, PSD, TGA, PNM) and folders with all below them")
      ->option_text("...")
      ->required();
  add_model_options(app, options);
}

FoundPhotos photos_of(const ScoringOptions& options) {
  FoundPhotos found = find_photos(options.paths);
  if (const std::string skipped = found.skipped.text(); !skipped.empty()) complain(skipped);
  if (found.photos.empty()) {
    std::vector<std::string> names;
    for (const auto& path : options.paths) names.push_back(path.string());
    throw Error(ErrorCode::kNotFound, fmt::format("no photo found in {}", fmt::join(names, ", ")));
  }
  return found;
}

Pmllm load_model(const ScoringOptions& options, const Cancel* cancel) {
  return Pmllm::load(find_model(options.model), {}, cancel);
}

}  // namespace paa::cli
