#pragma once
// What the phase of taste matching learns: simulated tastes in words against the photos they are about.

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "pmllm/load_fusion.h"
#include "text_states.h"
#include "training_set.h"

namespace paa {

/// A taste fusion's match of a text and a photo should be the points of a 1-7 scale by which the taste that the text
/// states moves a rating of the photo (taste_shift). No LLM is in the loop: its states of the texts are computed once,
/// and every text of a step is matched with every photo of it. This project's own. Immutable; refers to its arguments.
class MatchingTask {
 public:
  /// vision: how the photos' tokens are standardised.
  MatchingTask(const TrainingSet& set, const TrainingConfig& config, const TokenCache& tokens,
               const Standardisation& vision, Texts texts, std::vector<StatedText> statements, TextStates states);

  /// Mean and deviation of the texts' tokens, for the reader.
  std::pair<at::Tensor, at::Tensor> statistics() const { return states_.statistics(); }
  const std::vector<std::string>& texts() const { return texts_.all(); }

  /// Mean squared error over texts x photos drawn by `random`, of which the `part`-th of `parts` processes takes its
  /// share of the texts; the mean over the processes is that of all.
  at::Tensor loss(const nn::TasteFusion& taste, const Standardisation& taste_tokens, Random& random, int part,
                  int parts) const;

 private:
  const TrainingSet& set_;
  const TokenCache& tokens_;
  std::size_t batch_;
  Texts texts_;
  std::vector<StatedText> statements_;
  TextStates states_;
  at::Tensor pooled_;  // (rows of the token cache, D_v): photos as tastes see them
};

}  // namespace paa
