#pragma once
// Interviews with simulated people, measured: `paa eval --protocol interview`.

#include <string>

#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/eval/interview_study.h"

namespace paa::cli {

/// With the named model, its population and its own reader of answers. Shows progress. Errors: kNotFound (a model without
/// population), those of run_interview_study.
eval::InterviewReport evaluate_interviews(const std::string& model, const RatingTable& table,
                                          eval::InterviewStudyOptions options, int jobs, const Cancel* cancel);

}  // namespace paa::cli
