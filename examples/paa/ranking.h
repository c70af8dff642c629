#pragma once
// Photos in the order a person would put them.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "paa/pmllm/pmllm.h"
#include "score_stream.h"

namespace paa::cli {

/// A person as a reader of the ranking meets them.
struct RankedPerson {
  std::string name;
  std::string text;  ///< the profile as the LLM reads it
};

struct Ranking {
  ModelInfo model;
  std::vector<RankedPerson> people;   ///< at least one
  std::vector<ScoredPhoto> photos;    ///< best first for the first person; each with a score for every person
  std::vector<ScoredPhoto> failures;  ///< in the order they were named
  std::optional<std::size_t> verdicts;  ///< of the person, that the order was learned from; nothing: from profiles alone
};

}  // namespace paa::cli
