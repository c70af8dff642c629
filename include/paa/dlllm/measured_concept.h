#pragma once
// Concepts about light, colour and composition, which formulas see better than a language model that reads what a photo
// may show.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paa/dlllm/population.h"
#include "paa/person/concept.h"

namespace paa {

/// A statistic of photos and the end of it that words mean. A plain value.
struct NamedStatistic {
  std::string group, feature;  ///< of FeatureLayout: "statistics", "brightness"
  double direction = 1;        ///< 1: the high end is meant, -1: the low one

  bool operator==(const NamedStatistic&) const = default;
};

/// What English words for a kind of photo name, such as "dark photos" or "warm colours"; nothing if they are about anything else
/// ("dark churches"), or about two statistics. Words are lower-cased and taken without a plural's s. Thread-safe.
std::optional<NamedStatistic> statistic_named_by(std::string_view words);

/// How a concept is rated by a column of the rows that a population reads.
struct MeasuredConcept {
  std::size_t column = 0;      ///< of Population's rows, the score in front
  double mean = 0, deviation = 1;  ///< of the column, over the population's photos
  double direction = 1;

  /// The digit, 0 to 9: spread over photos like the digits of concepts that people name. `row`: Population's.
  double digit(std::span<const float> row) const;
};

/// The measure of a concept of a person's own, by the words it is rated on; nothing if those name no statistic that the population
/// has. Thread-safe.
std::optional<MeasuredConcept> measure_of(const Concept& subject, const Population& population);

}  // namespace paa
