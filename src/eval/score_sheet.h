#pragma once
// Collects what rows ask of the model, has it answered in one call, and hands each row its part.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "paa/eval/report.h"

namespace paa::eval {

class ScoreSheet {
 public:
  /// The place of an added profile.
  std::uint32_t add(const Profile& profile) {
    profiles_.push_back(profile);
    return static_cast<std::uint32_t>(profiles_.size() - 1);
  }

  /// Asks for each query's ratings as the owner of profiles[i] would give them; returns where the answers will begin.
  std::size_t ask(const RatingTable& table, std::span<const PersonQuery> queries,
                  std::span<const std::uint32_t> profiles) {
    const std::size_t begin = pairs_.size();
    for (std::size_t i = 0; i < queries.size(); ++i) {
      for (const auto rating : queries[i].ratings) pairs_.push_back({profiles[i], table.ratings[rating].photo});
    }
    return begin;
  }

  std::size_t ask(std::uint32_t profile, std::uint32_t photo) {
    pairs_.push_back({profile, photo});
    return pairs_.size() - 1;
  }

  /// Errors: those of `scorer`; kInternal if it does not give one score a pair.
  void answer(const ProfileScorer& scorer);

  const Score& at(std::size_t place) const { return scores_[place]; }

  /// The answers from `begin` on.
  Predictions predictions(std::size_t begin, std::size_t count) const;

 private:
  std::vector<Profile> profiles_;
  std::vector<ProfilePhoto> pairs_;
  std::vector<Score> scores_;
};

}  // namespace paa::eval
