#include "matching_task.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>

#include "paa/taste/taste.h"

namespace paa {

MatchingTask::MatchingTask(const TrainingSet& set, const TrainingConfig& config, const TokenCache& tokens,
                           const Standardisation& vision, Texts texts, std::vector<StatedText> statements,
                           TextStates states)
    : set_(set),
      tokens_(tokens),
      batch_(static_cast<std::size_t>(config.taste_matching.batch)),
      texts_(std::move(texts)),
      statements_(std::move(statements)),
      states_(std::move(states)) {
  const c10::NoGradGuard no_grad;
  std::vector<at::Tensor> pooled;
  for (const std::uint32_t photo : set_.ratings().photos()) {
    const std::int64_t first = tokens_.row(photo, 0);
    const at::Tensor rows = at::arange(first, first + tokens_.views(photo), at::kLong);
    const at::Tensor seen = nn::normalise_vision(tokens_.tokens(rows), vision.mean, vision.scale);
    pooled.push_back(nn::pool_vision(seen, tokens_.present(rows)));
  }
  pooled_ = at::cat(pooled, 0);
}

at::Tensor MatchingTask::loss(const nn::TasteFusion& taste, const Standardisation& taste_tokens, Random& random,
                              int part, int parts) const {
  const std::vector<std::uint32_t>& photos = set_.ratings().photos();
  const auto views = static_cast<std::uint64_t>(tokens_.views(photos.front()));
  std::vector<const StatedText*> statements;
  for (std::size_t i = 0; i < batch_ * static_cast<std::size_t>(parts); ++i) {
    const StatedText& drawn = statements_[random.below(statements_.size())];
    if (i / batch_ == static_cast<std::size_t>(part)) statements.push_back(&drawn);
  }
  std::vector<std::int64_t> rows;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < batch_; ++i) {
    const std::uint64_t photo = random.below(photos.size());
    chosen.push_back(photo);
    rows.push_back(static_cast<std::int64_t>(photo * views + random.below(views)));
  }
  std::vector<float> wanted;
  std::vector<std::uint32_t> texts;
  for (const StatedText* statement : statements) {
    texts.push_back(statement->text);
    for (const std::size_t photo : chosen) {
      wanted.push_back(static_cast<float>(taste_shift(statement->taste, set_.traits()->table.row(photos[photo]))));
    }
  }
  const TextStates::Batch read = states_.gather(texts);
  const at::Tensor tastes =
      taste->taste(nn::normalise_profile(read.tokens, taste_tokens.mean, taste_tokens.scale), read.present);
  const at::Tensor looks = taste->look(at::index_select(pooled_, 0, at::tensor(rows, at::kLong)));
  const at::Tensor match = taste->match_all(tastes, looks);
  return (match - at::tensor(wanted).view(match.sizes())).pow(2).mean();
}

}  // namespace paa
