#pragma once
// P-MLLM as the scorer of an evaluation.

#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/eval/report.h"
#include "paa/pmllm/pmllm.h"

namespace paa::eval {

/// How photos and scores are gone through.
struct PmllmScorerOptions {
  int jobs = 1;                    ///< photos decoded at a time, beside the model; has no effect on the scores
  const Cancel* cancel = nullptr;  ///< looked at between photos and between chunks of scores
  Progress progress;               ///< done and total: photos encoded plus scores
};

/// Asks `model` for the scores of the table's photos, moved from the model's scale to the table's. Each photo that occurs
/// is decoded and encoded once and each distinct profile prepared once; what the model reads as the same text is scored
/// once for a photo. Holds the vision tokens of all photos that occur (370 kB each with the default model) and one
/// prepared profile at a time. Model and table must outlive the scorer. The call's errors: those of read_image, of
/// Pmllm's prepare, encode and score (a missing photo is named and ends the evaluation); kCancelled.
ProfileScorer pmllm_scorer(const Pmllm& model, const RatingTable& table, const PmllmScorerOptions& options = {});

}  // namespace paa::eval
