#include "paa/eval/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "paa/core/error.h"

namespace paa::eval {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Truth and predictions side by side, and where each person's part ends.
struct Sheet {
  std::vector<double> truth, mean, spread;
  std::vector<std::size_t> ends;
};

double middle_of(const RatingScale& scale) { return (scale.low + scale.high) / 2; }

bool rankable(std::span<const double> truth) {
  return truth.size() >= kFewestRanked &&
         std::any_of(truth.begin(), truth.end(), [&](double value) { return value != truth.front(); });
}

std::vector<Figures> figures_by_person(const Sheet& sheet, double middle) {
  std::vector<Figures> people;
  std::size_t begin = 0;
  for (const std::size_t end : sheet.ends) {
    const auto part = [&](const std::vector<double>& column) {
      return column.empty() ? std::span<const double>() : std::span(column).subspan(begin, end - begin);
    };
    Figures figures = figures_of(part(sheet.truth), part(sheet.mean), part(sheet.spread), middle);
    if (!rankable(part(sheet.truth))) {
      for (const Metric metric : {Metric::kSrocc, Metric::kPlcc, Metric::kTau}) figures[metric] = kUndefined;
    }
    people.push_back(figures);
    begin = end;
  }
  return people;
}

// A running mean (Welford 1962) of what is defined. Equal values have exactly their own mean: a rounded sum would let
// constant predictions seem to have an order.
class Mean {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    ++count_;
    mean_ += (value - mean_) / static_cast<double>(count_);
  }
  double value() const { return count_ == 0 ? kUndefined : mean_; }

 private:
  double mean_ = 0;
  std::size_t count_ = 0;
};

using FigureMeans = std::array<Mean, kMetrics>;

void add(FigureMeans& means, const Figures& figures) {
  for (std::size_t i = 0; i < kMetrics; ++i) means[i].add(figures[static_cast<Metric>(i)]);
}

Figures values_of(const FigureMeans& means) {
  Figures figures;
  for (std::size_t i = 0; i < kMetrics; ++i) figures[static_cast<Metric>(i)] = means[i].value();
  return figures;
}

std::vector<double> column(const std::vector<Figures>& people, std::size_t metric) {
  std::vector<double> values;
  for (const auto& figures : people) values.push_back(figures[static_cast<Metric>(metric)]);
  return values;
}

void average_people(RowResult& result, const BootstrapOptions& options) {
  for (std::size_t i = 0; i < kMetrics; ++i) result.mean[i] = bootstrap_mean(column(result.people, i), options);
}

Sheet truth_of(const RatingTable& table, std::span<const PersonQuery> queries) {
  Sheet sheet;
  for (const auto& query : queries) {
    for (const auto rating : query.ratings) sheet.truth.push_back(table.ratings[rating].value);
    sheet.ends.push_back(sheet.truth.size());
  }
  return sheet;
}

double photo_srocc(const RatingTable& table, std::span<const PersonQuery> queries, const Sheet& sheet) {
  std::map<std::uint32_t, std::pair<Mean, Mean>> photos;
  std::size_t at = 0;
  for (const auto& query : queries) {
    for (const auto rating : query.ratings) {
      auto& [truth, prediction] = photos[table.ratings[rating].photo];
      truth.add(sheet.truth[at]);
      prediction.add(sheet.mean[at]);
      ++at;
    }
  }
  std::vector<double> truth, prediction;
  for (const auto& [photo, means] : photos) {
    truth.push_back(means.first.value());
    prediction.push_back(means.second.value());
  }
  return srocc(truth, prediction);
}

void check(const Row& row, std::size_t ratings) {
  if (row.repeats.empty()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the row \"{}\" has no predictions", row.name));
  }
  for (const auto& one : row.repeats) {
    if (one.mean.size() == ratings && (one.spread.empty() || one.spread.size() == ratings)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the row \"{}\" has {} predictions and {} spreads for {} ratings", row.name, one.mean.size(),
                            one.spread.size(), ratings));
  }
}

}  // namespace

bool can_rank(const RatingTable& table, const PersonQuery& query) {
  return rankable(truth_of(table, {&query, 1}).truth);
}

RowResult evaluate(const RatingTable& table, std::span<const PersonQuery> queries, const Row& row,
                   const BootstrapOptions& options) {
  Sheet sheet = truth_of(table, queries);
  check(row, sheet.truth.size());
  const double middle = middle_of(table.scale);
  std::vector<FigureMeans> people(queries.size());
  FigureMeans pooled;
  Mean by_photo;
  for (const auto& repeat : row.repeats) {
    sheet.mean = repeat.mean;
    sheet.spread = repeat.spread;
    const auto figures = figures_by_person(sheet, middle);
    for (std::size_t i = 0; i < people.size(); ++i) add(people[i], figures[i]);
    add(pooled, figures_of(sheet.truth, sheet.mean, sheet.spread, middle));
    by_photo.add(photo_srocc(table, queries, sheet));
  }
  RowResult result{row.name, row.k, row.repeats.size(), {}, {}, values_of(pooled), by_photo.value()};
  for (const auto& means : people) result.people.push_back(values_of(means));
  average_people(result, options);
  return result;
}

Difference paired_difference(const RowResult& row, const RowResult& minus, const BootstrapOptions& options) {
  Difference difference{row.name, minus.name, row.k, {}};
  for (std::size_t i = 0; i < kMetrics; ++i) {
    difference.mean[i] = bootstrap_difference(column(row.people, i), column(minus.people, i), options);
  }
  return difference;
}

RowResult evaluate_retests(const RatingTable& table, const BootstrapOptions& options) {
  std::map<std::uint32_t, std::vector<const Retest*>> by_person;
  for (const auto& retest : table.retests) by_person[retest.person].push_back(&retest);
  Sheet sheet;
  for (const auto& [person, retests] : by_person) {
    for (const Retest* retest : retests) {
      sheet.truth.push_back(retest->second);
      sheet.mean.push_back(retest->first);
    }
    sheet.ends.push_back(sheet.truth.size());
  }
  const double middle = middle_of(table.scale);
  RowResult result{"retest", 0, 1, figures_by_person(sheet, middle), {}, {}, kUndefined};
  result.pooled = figures_of(sheet.truth, sheet.mean, {}, middle);
  average_people(result, options);
  return result;
}

}  // namespace paa::eval
