#pragma once
// A small ranking with made-up scores.

#include <array>
#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

#include "ranking.h"

/// A score whose mean and spread follow from its levels on the scale 1 to 7.
inline paa::Score score_of(const std::array<double, 5>& levels) {
  paa::Score score;
  score.levels = levels;
  for (int i = 0; i < 5; ++i) score.mean += levels[i] * (1 + 1.5 * i);
  double variance = 0;
  for (int i = 0; i < 5; ++i) variance += levels[i] * (1 + 1.5 * i - score.mean) * (1 + 1.5 * i - score.mean);
  score.spread = std::sqrt(variance);
  return score;
}

inline paa::cli::ScoredPhoto photo_of(const std::filesystem::path& path, std::vector<paa::Score> scores) {
  return {path, std::move(scores), "\xFF\xD8 not a real JPEG", {}, {}};
}

inline paa::ModelInfo sample_model() {
  paa::ModelInfo model;
  model.name = "tiny";
  model.hash = "0123456789ab";
  return model;
}

/// Two photos and two people who disagree about them.
inline paa::cli::Ranking sample_ranking() {
  const auto high = score_of({0, 0, 0.1, 0.3, 0.6});
  const auto low = score_of({0.6, 0.3, 0.1, 0, 0});
  paa::cli::Ranking ranking{sample_model(), {{"Anna", "a woman."}, {"Ben", "a man."}}, {}, {}, {}};
  ranking.photos = {photo_of("in/first.png", {high, low}), photo_of("in/second.png", {low, high})};
  return ranking;
}
