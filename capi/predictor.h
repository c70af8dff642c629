#pragma once
// What stands behind paa_predictor and paa_seen.

#include <memory>
#include <optional>
#include <span>

#include "paa.h"
#include "paa/chat/relayed_chat.h"
#include "paa/dlllm/concept_rater.h"
#include "paa/dlllm/personal_scorer.h"
#include "paa/pmllm/pmllm.h"

struct paa_predictor {
  std::shared_ptr<const paa::Pmllm> model;
  std::unique_ptr<paa::RelayedChat> chat;
  std::optional<paa::ConceptRater> rater;
  std::optional<paa::PersonalScorer> scorer;
  std::shared_ptr<const paa::FeatureIds> ids;  // of all that it sees
};

struct paa_seen {
  paa::FeaturedPhoto photo;
  std::shared_ptr<const paa::FeatureIds> ids;
};

namespace paa::capi {

/// Refuses photos that this predictor cannot read, which are named.
void check_seen(const paa_predictor& predictor, std::span<const paa_seen* const> seen, const char* name);

/// The rows that the per-person model reads.
FeatureRows rows_of(std::span<const paa_seen* const> seen);

}  // namespace paa::capi
