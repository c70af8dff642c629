#include "trait_supervision.h"

#include <ATen/ops/tensor.h>
#include <fmt/format.h>

#include "paa/core/error.h"

namespace paa {

TraitSupervision::TraitSupervision(const TrainingSet& set, const FusionConfig& config) : set_(set) {
  if (!set.traits() || config.gate.granularity != "channel" || !config.gate.reads_profile) {
    throw Error(ErrorCode::kInvalidArgument,
                "trait_supervision needs stated tastes among the samples, and channel gates that read the profile");
  }
  const TasteVocabulary& vocabulary = TasteVocabulary::standard();
  for (std::size_t i = 0; i < vocabulary.traits.size(); ++i) {
    if (!vocabulary.traits[i].held_out && set.traits()->present(i)) traits_.push_back(i);
  }
  if (traits_.size() > static_cast<std::size_t>(config.width)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("trait_supervision needs a channel for each of {} traits; \"width\" is {}", traits_.size(),
                            config.width));
  }
  texts_.push_back(0);
  for (const auto& [text, taste] : set.stated()) texts_.push_back(text);
}

at::Tensor TraitSupervision::weights_of(const std::vector<std::uint32_t>& texts) const {
  std::vector<float> values;
  for (const std::uint32_t text : texts) {
    std::vector<float> row(set_.traits()->trait_count());
    if (const auto found = set_.stated().find(text); found != set_.stated().end()) {
      for (const TasteItem& item : found->second.items) row[item.trait] = static_cast<float>(item.weight);
    }
    for (const std::size_t trait : traits_) values.push_back(row[trait]);
  }
  return at::tensor(values).view({static_cast<std::int64_t>(texts.size()), -1});
}

at::Tensor TraitSupervision::loss(const FusionModel& model, const FusionModel::Output& output, const FusionBatch& batch,
                                  const std::vector<std::uint32_t>& photos, Random& random) const {
  const auto channels = static_cast<std::int64_t>(traits_.size());
  std::vector<float> values;
  for (const std::uint32_t photo : photos) {
    for (const std::size_t trait : traits_) values.push_back(set_.traits()->row(photo)[trait]);
  }
  const at::Tensor wanted = at::tensor(values).view({-1, channels});
  const at::Tensor channel_error = (output.seen.narrow(1, 0, channels) - wanted).pow(2).mean();

  std::vector<std::uint32_t> texts;
  for (std::size_t i = 0; i < kTexts; ++i) texts.push_back(texts_[random.below(texts_.size())]);
  const auto gate_error = [&](const at::Tensor& logits, const std::vector<std::uint32_t>& of) {
    // Most weights are 0: a sum over traits, so that the few that are not count.
    return (logits.narrow(1, 0, channels) / kSwing - weights_of(of)).pow(2).sum(1).mean();
  };
  return channel_error + gate_error(model.profile_logits(texts), texts) +
         0.25 * gate_error(output.profile_logits, batch.texts);
}

}  // namespace paa
