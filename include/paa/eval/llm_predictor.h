#pragma once
// The language model asked directly: a person's rated photos in words, then another photo, and which rating comes next.
// After arXiv 2605.14761, which compares with LLM predictors; a reconstruction, not paper-verified. Modelled on
// in-context learning (Brown et al. 2020).

#include <string>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/eval/study.h"
#include "paa/pmllm/pmllm.h"

namespace paa::eval {

/// How often, and on how much, the LLM is asked.
struct LlmPredictorOptions {
  int largest_support = 25;  ///< StudyMethod::largest_support: every rated photo is some 25 tokens to be read
  int draws = 1;             ///< StudyMethod::draws
  const Cancel* cancel = nullptr;
};

/// The frozen LLM alone reads "Photo: DESCRIPTION Rating: 5" for every photo of the support and "Photo: DESCRIPTION
/// Rating: " for the one to predict; the prediction is the expected value, and the spread the deviation, over the digits
/// 1 to 7, laid over the table's scale. `descriptions`: one a photo of the table (describe_photo). The model must outlive
/// the method. Errors of predict: those of Pmllm::word_logits.
StudyMethod llm_predictor_method(const std::string& name, const Pmllm& model, std::vector<std::string> descriptions,
                                 const RatingScale& scale, const LlmPredictorOptions& options = {});

}  // namespace paa::eval
