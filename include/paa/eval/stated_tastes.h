#pragma once
// Tastes read off a person's ratings and said in words: what a support becomes before P-MLLM reads it.

#include <cstdint>

#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/eval/report.h"
#include "paa/pmllm/pmllm.h"

namespace paa::eval {

struct StatedTasteOptions {
  std::uint64_t seed = 0;  ///< of the wordings
  int jobs = 1;            ///< photos decoded at a time
  const Cancel* cancel = nullptr;
};

/// A reader for ReportOptions::support_reader. The profile says the tastes (read_taste with its defaults, over all traits
/// of the standard vocabulary) in wordings that no training has seen, and nothing else: no age, no gender. Nobody's
/// ratings of test photos are looked at: residuals are taken from the training people's mean of the photos in the
/// support. A support that shows no taste gives an empty profile.
///
/// Decodes and encodes the table's photos for training and validation at once, for what is seen in them, and holds the
/// table by reference. The same ratings and seed give the same text. Errors: those of read_image, Pmllm::encode,
/// class_probabilities and class_names, TraitTable::build; kCancelled.
SupportReader stated_tastes(const Pmllm& model, const RatingTable& table, const StatedTasteOptions& options = {});

}  // namespace paa::eval
