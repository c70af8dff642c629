#pragma once
// The population and photos of data/fusion.json.

#include <filesystem>

#include "paa/core/json.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/population.h"

inline paa::Json golden() { return paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "fusion.json"); }

/// Surprise does not change the spread, as in the oracle.
inline paa::Population golden_population() {
  const paa::Json json = golden();
  const auto& p = json["population"];
  paa::Population population;
  population.score_mean = p["score_mean"];
  population.score_deviation = p["score_deviation"];
  population.intercept = p["intercept"];
  population.slope = p["slope"];
  population.offset_scale = p["offset_scale"];
  population.tilt_scale = p["tilt_scale"];
  population.noise = p["noise"];
  population.keep_mean = p["keep_mean"];
  population.keep_scale = p["keep_scale"];
  population.calibration = {1e9, 1};
  for (const auto& g : json["groups"]) {
    population.groups.push_back(
        {g["name"], g["scale"], g["mean"].get<std::vector<double>>(), g["deviation"].get<std::vector<double>>()});
  }
  return population;
}

inline paa::FeatureRows golden_rows() {
  paa::FeatureRows rows;
  const paa::Json json = golden();
  for (const auto& row : json["rows"]) {
    rows.columns = row.size();
    for (const auto& value : row) rows.values.push_back(value.get<float>());
  }
  return rows;
}
