#include "paa/eval/baselines.h"

#include <algorithm>
#include <cmath>

namespace paa::eval {
namespace {

// Count, mean and sum of squared deviations of a stream (Welford 1962).
struct Moments {
  double count = 0, mean = 0, squares = 0;

  void add(double value) {
    count += 1;
    const double step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  double deviation() const { return count < 2 ? 0 : std::sqrt(squares / (count - 1)); }
};

bool by_training_person(const RatingTable& table, const Rating& rating) {
  return table.people[rating.person].split == Split::kTrain;
}

std::vector<Moments> training_moments(const RatingTable& table) {
  std::vector<Moments> photos(table.photos.size());
  for (const auto& rating : table.ratings) {
    if (by_training_person(table, rating)) photos[rating.photo].add(rating.value);
  }
  return photos;
}

Moments all_training_ratings(const RatingTable& table) {
  Moments all;
  for (const auto& rating : table.ratings) {
    if (by_training_person(table, rating)) all.add(rating.value);
  }
  return all;
}

// moments_of(photo) for each query rating.
template <class MomentsOf>
Predictions predict(const RatingTable& table, std::span<const PersonQuery> queries, const MomentsOf& moments_of) {
  Predictions predictions;
  for (const auto& query : queries) {
    for (const auto rating : query.ratings) {
      const Moments& moments = moments_of(table.ratings[rating].photo);
      predictions.mean.push_back(moments.mean);
      predictions.spread.push_back(moments.deviation());
    }
  }
  return predictions;
}

std::vector<Moments> residuals_by_person(const RatingTable& table, std::span<const double> generic) {
  std::vector<Moments> people(table.people.size());
  for (const auto& rating : table.ratings) {
    const Split split = table.photos[rating.photo].split;
    if (!by_training_person(table, rating) || (split != Split::kTrain && split != Split::kValidation)) continue;
    if (!std::isnan(generic[rating.photo])) people[rating.person].add(rating.value - generic[rating.photo]);
  }
  std::erase_if(people, [](const Moments& person) { return person.count < 2; });
  return people;
}

}  // namespace

std::optional<Predictions> train_mean(const RatingTable& table, std::span<const PersonQuery> queries) {
  const Moments all = all_training_ratings(table);
  if (all.count == 0) return std::nullopt;
  return predict(table, queries, [&](std::uint32_t) -> const Moments& { return all; });
}

std::optional<Predictions> people_mean(const RatingTable& table, std::span<const PersonQuery> queries) {
  const Moments all = all_training_ratings(table);
  if (all.count == 0) return std::nullopt;
  const auto photos = training_moments(table);
  return predict(table, queries, [&](std::uint32_t photo) -> const Moments& {
    return photos[photo].count < 2 ? all : photos[photo];
  });
}

std::optional<OffsetPopulation> fit_offsets(const RatingTable& table, std::span<const double> generic) {
  const auto people = residuals_by_person(table, generic);
  if (people.size() < 2) return std::nullopt;
  double count = 0, square_counts = 0, sum = 0, within = 0;
  for (const auto& person : people) {
    count += person.count;
    square_counts += person.count * person.count;
    sum += person.count * person.mean;
    within += person.squares;
  }
  const double mean = sum / count;
  double between = 0;
  for (const auto& person : people) between += person.count * (person.mean - mean) * (person.mean - mean);
  const auto groups = static_cast<double>(people.size());
  const double mean_between = between / (groups - 1), mean_within = within / (count - groups);
  const double size = (count - square_counts / count) / (groups - 1);
  return OffsetPopulation{mean, std::sqrt(std::max(0.0, (mean_between - mean_within) / size)), std::sqrt(mean_within)};
}

PersonOffset estimate_offset(const RatingTable& table, const OffsetPopulation& population,
                             std::span<const double> generic, std::span<const std::uint32_t> support) {
  Moments residuals;
  for (const auto rating : support) {
    const double expected = generic[table.ratings[rating].photo];
    if (!std::isnan(expected)) residuals.add(table.ratings[rating].value - expected);
  }
  const double between = population.between * population.between, within = population.within * population.within;
  const double known = residuals.count * between + within;
  const double weight = known > 0 ? residuals.count * between / known : 0;
  return {population.mean + weight * (residuals.mean - population.mean), std::sqrt(within + between * (1 - weight))};
}

}  // namespace paa::eval
