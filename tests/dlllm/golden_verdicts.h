#pragma once
// Verdicts of data/*.json as observations.

#include <string>
#include <vector>

#include "golden_population.h"
#include "paa/dlllm/personal_predictor.h"

inline paa::Observation observation_of(const paa::Json& verdict) {
  using paa::VerdictKind;
  const std::string kind = verdict["kind"];
  if (kind == "stars") return {VerdictKind::kStars, verdict["photo"], verdict["photo"], verdict["stars"]};
  if (kind == "preference") return {VerdictKind::kPreference, verdict["photo"], verdict["other"], 0};
  return {kind == "keep" ? VerdictKind::kKeep : VerdictKind::kReject, verdict["photo"], verdict["photo"], 0};
}

inline std::vector<paa::Observation> observations_of(const paa::Json& verdicts) {
  std::vector<paa::Observation> observations;
  for (const auto& verdict : verdicts) observations.push_back(observation_of(verdict));
  return observations;
}

/// One of each kind, and more.
inline std::vector<paa::Observation> all_kinds() { return observations_of(golden()["cases"].back()["verdicts"]); }

inline paa::Observation stars(std::size_t photo, double value) {
  return {paa::VerdictKind::kStars, photo, photo, value};
}
