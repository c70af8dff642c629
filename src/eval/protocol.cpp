#include "paa/eval/protocol.h"

#include <fmt/format.h>

#include <algorithm>

#include "paa/core/error.h"
#include "paa/core/random.h"

namespace paa::eval {
namespace {

// Streams of one seed: what is drawn for one purpose says nothing about another.
constexpr std::uint64_t kShuffleStream = std::uint64_t{1} << 62;

bool is_test(const RatingTable& table, const Rating& rating) {
  return table.photos[rating.photo].split == Split::kTest;
}

bool is_support(const RatingTable& table, const Rating& rating) {
  const Split split = table.photos[rating.photo].split;
  return split == Split::kTrain || split == Split::kValidation;
}

// For each person the ratings of one kind, for test people only.
template <class Kind>
std::vector<std::vector<std::uint32_t>> ratings_of_test_people(const RatingTable& table, const Kind& kind) {
  std::vector<std::vector<std::uint32_t>> of_person(table.people.size());
  for (std::size_t i = 0; i < table.ratings.size(); ++i) {
    const Rating& rating = table.ratings[i];
    if (table.people[rating.person].split != Split::kTest || !kind(table, rating)) continue;
    of_person[rating.person].push_back(static_cast<std::uint32_t>(i));
  }
  return of_person;
}

[[noreturn]] void refuse_empty(const RatingTable& table) {
  const auto people = std::count_if(table.people.begin(), table.people.end(),
                                    [](const RatedPerson& person) { return person.split == Split::kTest; });
  const auto photos = std::count_if(table.photos.begin(), table.photos.end(),
                                    [](const RatedPhoto& photo) { return photo.split == Split::kTest; });
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{}: there is nothing to evaluate on: {} test people, {} test photos, and no rating of the one by "
                          "the other; draw splits first",
                          table.name, people, photos));
}

}  // namespace

std::vector<PersonQuery> test_queries(const RatingTable& table) {
  auto of_person = ratings_of_test_people(table, is_test);
  std::vector<PersonQuery> queries;
  for (std::size_t person = 0; person < of_person.size(); ++person) {
    if (of_person[person].empty()) continue;
    queries.push_back({static_cast<std::uint32_t>(person), std::move(of_person[person])});
  }
  if (queries.empty()) refuse_empty(table);
  return queries;
}

KShotPlan plan_k_shot(const RatingTable& table, const KShotOptions& options) {
  if (options.largest_k < 1 || options.draws < 1) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} draws of {} ratings cannot be made; both must be at least 1",
                                                         options.draws, options.largest_k));
  }
  const auto largest = static_cast<std::size_t>(options.largest_k);
  const auto draws = static_cast<std::uint64_t>(options.draws);
  const auto known = ratings_of_test_people(table, is_support);
  KShotPlan plan;
  std::size_t most = 0;
  for (auto& query : test_queries(table)) {
    const auto& pool = known[query.person];
    most = std::max(most, pool.size());
    if (pool.size() < largest) {
      ++plan.left_out;
      continue;
    }
    auto& supports = plan.supports.emplace_back();
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      Random random(options.seed, query.person * draws + draw);
      auto order = random.permutation(pool.size());
      order.resize(largest);
      auto& support = supports.emplace_back();
      for (const std::size_t place : order) support.push_back(pool[place]);
    }
    plan.queries.push_back(std::move(query));
  }
  if (plan.queries.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: no test person has {} ratings of photos for training or validation (the most is {}); ask for "
                            "a smaller k",
                            table.name, largest, most));
  }
  return plan;
}

std::vector<std::size_t> shuffled_people(std::size_t count, std::uint64_t seed, std::uint64_t repeat) {
  if (count < 2) {
    throw Error(ErrorCode::kInvalidArgument, "people can be shuffled only if there are two of them");
  }
  Random random(seed, kShuffleStream + repeat);
  // About one permutation of e moves everybody.
  while (true) {
    auto order = random.permutation(count);
    bool moves_all = true;
    for (std::size_t i = 0; i < count; ++i) moves_all = moves_all && order[i] != i;
    if (moves_all) return order;
  }
}

}  // namespace paa::eval
