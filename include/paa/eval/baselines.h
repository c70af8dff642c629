#pragma once
// Predictions without a model: what any figure has to be seen beside.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/eval/evaluation.h"

namespace paa::eval {

/// One value for all: the mean and the deviation of all ratings by training people. Its correlations are not defined.
/// Nothing if there are no such ratings.
std::optional<Predictions> train_mean(const RatingTable& table, std::span<const PersonQuery> queries);

/// The oracle of other people: for each photo the mean and the deviation of the training people's ratings of it. It
/// needs ratings of the very photo, which no model here sees. A photo that fewer than two of them rated gets the values
/// of train_mean. Nothing if training people have no rating.
std::optional<Predictions> people_mean(const RatingTable& table, std::span<const PersonQuery> queries);

/// How far people lie above or below a generic prediction, from ratings by training people of photos for training and
/// validation: residual = mean + person's offset (deviation `between`) + noise (deviation `within`). One-way random
/// effects, estimated by analysis of variance; `between` is 0 where that gives a negative variance.
struct OffsetPopulation {
  double mean = 0, between = 0, within = 0;
};

/// `generic`: a prediction for each photo of the table; a photo whose prediction is NaN is not looked at. Nothing if
/// fewer than two training people have two such ratings.
std::optional<OffsetPopulation> fit_offsets(const RatingTable& table, std::span<const double> generic);

/// A person's offset as k of that person's ratings tell it, shrunk towards the population's (the posterior mean), and
/// the deviation of a new rating around the prediction.
struct PersonOffset {
  double offset = 0, spread = 0;
};
/// `generic`: as for fit_offsets; `support`: places in RatingTable::ratings, all of one person. Without a support:
/// the population's mean. Thread-safe.
PersonOffset estimate_offset(const RatingTable& table, const OffsetPopulation& population,
                             std::span<const double> generic, std::span<const std::uint32_t> support);

}  // namespace paa::eval
