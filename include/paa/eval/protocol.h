#pragma once
// Which ratings must be predicted, and which may be known: the protocols of the field, drawn from a table's splits.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "paa/data/rating_table.h"

namespace paa::eval {

/// What is asked of one person: indices into RatingTable::ratings, all by that person, in the table's order.
struct PersonQuery {
  std::uint32_t person = 0;
  std::vector<std::uint32_t> ratings;
};

/// Test people x test photos: unseen people, unseen photos. People in the table's order; those without such a rating
/// are not in it. Error: kInvalidArgument if nothing is left, saying which split is missing. Thread-safe.
std::vector<PersonQuery> test_queries(const RatingTable& table);

/// How k-shot is drawn.
struct KShotOptions {
  int largest_k = 100;     ///< ratings in the largest support, at least 1
  int draws = 10;          ///< supports of each person, at least 1
  std::uint64_t seed = 0;
};

/// Supports and queries that never share a rating or a photo.
struct KShotPlan {
  std::vector<PersonQuery> queries;  ///< all of a person's ratings of test photos: the same for every k and draw
  /// supports[i][draw]: `largest_k` indices of ratings by queries[i].person of photos for training or validation.
  std::vector<std::vector<std::vector<std::uint32_t>>> supports;
  std::size_t left_out = 0;  ///< test people who have a query but fewer than largest_k ratings to draw from

  /// The first k of a draw: what k ratings know, k + 1 ratings know too.
  std::span<const std::uint32_t> support(std::size_t i, std::size_t draw, int k) const {
    return std::span(supports[i][draw]).first(static_cast<std::size_t>(k));
  }
};

/// Draws depend on the seed, the person's index, the draw and the person's ratings alone. The people are the same for
/// every k: who lacks ratings for the largest is in none. Errors: kInvalidArgument (an option out of range, or nobody
/// is left, saying how many ratings people have). Thread-safe.
KShotPlan plan_k_shot(const RatingTable& table, const KShotOptions& options);

/// For each of `count` people another one, so that each is taken once and nobody keeps their own place. `count` of at
/// least 2, else Error kInvalidArgument. Thread-safe.
std::vector<std::size_t> shuffled_people(std::size_t count, std::uint64_t seed, std::uint64_t repeat);

}  // namespace paa::eval
