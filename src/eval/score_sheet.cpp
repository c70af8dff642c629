#include "score_sheet.h"

#include <fmt/format.h>

#include "paa/core/error.h"

namespace paa::eval {

void ScoreSheet::answer(const ProfileScorer& scorer) {
  scores_ = scorer(profiles_, pairs_);
  if (scores_.size() == pairs_.size()) return;
  throw Error(ErrorCode::kInternal,
              fmt::format("the scorer gave {} scores for {} photos", scores_.size(), pairs_.size()));
}

Predictions ScoreSheet::predictions(std::size_t begin, std::size_t count) const {
  Predictions predictions;
  for (std::size_t i = begin; i < begin + count; ++i) {
    predictions.mean.push_back(scores_[i].mean);
    predictions.spread.push_back(scores_[i].spread);
  }
  return predictions;
}

}  // namespace paa::eval
