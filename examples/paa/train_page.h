#pragma once
// A training as one HTML page: what was asked, how the loss went, what came out.

#include <string>
#include <vector>

#include "paa/train/train_fusion.h"

namespace paa::cli {

/// What the page shows.
struct TrainingReport {
  TrainingConfig config;
  std::string set;                  ///< the data set's name
  std::vector<TrainingStep> steps;  ///< as metrics.jsonl has them
  TrainingResult result;
};

/// Reads the lines of metrics.jsonl. Errors: those of read_text_file and parse_json.
std::vector<TrainingStep> read_metrics(const std::filesystem::path& file);

/// A page that needs nothing from elsewhere. The same report gives the same bytes.
std::string train_page(const TrainingReport& report);

}  // namespace paa::cli
