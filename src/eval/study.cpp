#include "paa/eval/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "json_number.h"
#include "paa/core/error.h"
#include "study_log.h"

namespace paa::eval {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

std::size_t levels_of(const RatingScale& scale) {
  return static_cast<std::size_t>(std::floor(scale.high - scale.low)) + 1;
}

// A mean of what is defined, value by value.
class FiguresMean {
 public:
  void add(const Figures& figures) {
    for (std::size_t i = 0; i < kMetrics; ++i) {
      const double value = figures[static_cast<Metric>(i)];
      if (std::isnan(value)) continue;
      sum_[i] += value;
      count_[i] += 1;
    }
  }
  Figures value() const {
    Figures mean{};
    for (std::size_t i = 0; i < kMetrics; ++i)
      mean[static_cast<Metric>(i)] = count_[i] == 0 ? kUndefined : sum_[i] / count_[i];
    return mean;
  }

 private:
  std::array<double, kMetrics> sum_{}, count_{};
};

class Study {
 public:
  Study(const RatingTable& table, std::span<const StudyMethod> methods, const StudyOptions& options)
      : table_(table),
        methods_(methods),
        options_(options),
        plan_(plan(table, options)),
        log_(options.log, heading()) {}

  StudyReport run() {
    StudyReport report;
    report.set = table_.name;
    report.scale = table_.scale;
    report.options = options_;
    report.left_out = plan_.left_out;
    describe(report);
    for (const auto& method : methods_) {
      for (const int k : options_.k) {
        if (asked(method, k)) report.rows.push_back(row(method, method.learns ? k : 0));
      }
    }
    compare(report);
    retest(report);
    return report;
  }

 private:
  static KShotPlan plan(const RatingTable& table, const StudyOptions& options) {
    if (options.k.empty() || options.k.front() < 0 ||
        std::adjacent_find(options.k.begin(), options.k.end(), std::greater_equal<>()) != options.k.end()) {
      throw Error(ErrorCode::kInvalidArgument, "the sizes of supports must rise from 0 or more");
    }
    return plan_k_shot(table, {std::max(1, options.k.back()), options.draws, options.seed});
  }

  bool asked(const StudyMethod& method, int k) const {
    if (!method.learns) return k == options_.k.front();
    return method.largest_support < 0 || k <= method.largest_support;
  }

  std::size_t draws(const StudyMethod& method, int k) const {
    if (k == 0) return 1;
    return static_cast<std::size_t>(method.draws > 0 ? std::min(method.draws, options_.draws) : options_.draws);
  }

  Json heading() const {
    Json names = Json::array();
    for (const auto& method : methods_) names.push_back(method.name);
    return {{"study", table_.name}, {"ratings", table_.ratings.size()}, {"methods", names},
            {"k", options_.k},      {"draws", options_.draws},          {"seed", options_.seed}};
  }

  void describe(StudyReport& report) const {
    std::set<std::uint32_t> photos;
    for (const auto& query : plan_.queries) {
      report.people.push_back(table_.people[query.person].id);
      report.ratings += query.ratings.size();
      for (const auto rating : query.ratings) photos.insert(table_.ratings[rating].photo);
    }
    report.photos = photos.size();
  }

  StudyRow row(const StudyMethod& method, int k) {
    StudyRow row{method.name, k, {}, {}, {}};
    std::vector<double> errors(levels_of(table_.scale)), counts(errors.size());
    for (std::size_t i = 0; i < plan_.queries.size(); ++i) {
      throw_if_cancelled(options_.cancel);
      if (log_.find(method.name, k, i) == nullptr) log_.add(method.name, k, i, figures(method, k, i));
      const PersonFigures& person = *log_.find(method.name, k, i);
      row.people.push_back(person.figures);
      for (std::size_t level = 0; level < errors.size(); ++level) {
        errors[level] += person.level_error[level];
        counts[level] += person.level_count[level];
      }
      advance();
    }
    for (std::size_t level = 0; level < errors.size(); ++level) {
      row.mae_by_level.push_back(counts[level] == 0 ? kUndefined : errors[level] / counts[level]);
    }
    for (std::size_t metric = 0; metric < kMetrics; ++metric)
      row.mean[metric] = bootstrap_mean(column(row, metric), bootstrap());
    return row;
  }

  PersonFigures figures(const StudyMethod& method, int k, std::size_t i) const {
    const PersonQuery& query = plan_.queries[i];
    std::vector<double> truth;
    std::vector<std::uint32_t> photos;
    for (const auto rating : query.ratings) {
      truth.push_back(static_cast<double>(table_.ratings[rating].value));
      photos.push_back(table_.ratings[rating].photo);
    }
    const bool ranks = method.knows_rank && can_rank(table_, query);
    PersonFigures person{
        {}, std::vector<double>(levels_of(table_.scale)), std::vector<double>(levels_of(table_.scale))};
    FiguresMean mean;
    for (std::size_t draw = 0; draw < draws(method, k); ++draw) {
      const Predictions predicted = method.predict(query.person, support(method, k, i, draw, photos), photos);
      mean.add(figures_of_draw(truth, predicted, ranks));
      add_errors(truth, predicted, person);
    }
    person.figures = mean.value();
    return person;
  }

  std::vector<Rating> support(const StudyMethod& method, int k, std::size_t i, std::size_t draw,
                              std::span<const std::uint32_t> photos) const {
    std::vector<Rating> known;
    for (const auto rating : plan_.support(i, draw, method.choose ? options_.k.back() : k)) {
      known.push_back(table_.ratings[rating]);
    }
    if (!method.choose) return known;
    std::vector<Rating> chosen;
    for (const auto place : method.choose(known, photos, k)) chosen.push_back(known[place]);
    return chosen;
  }

  Figures figures_of_draw(const std::vector<double>& truth, const Predictions& predicted, bool ranks) const {
    Figures figures = figures_of(truth, predicted.mean, predicted.spread, (table_.scale.low + table_.scale.high) / 2);
    if (!ranks) figures[Metric::kSrocc] = figures[Metric::kPlcc] = figures[Metric::kTau] = kUndefined;
    return figures;
  }

  void add_errors(const std::vector<double>& truth, const Predictions& predicted, PersonFigures& person) const {
    for (std::size_t j = 0; j < truth.size(); ++j) {
      const auto level = static_cast<std::size_t>(
          std::clamp(std::lround(truth[j] - table_.scale.low), 0L, static_cast<long>(person.level_error.size()) - 1));
      person.level_error[level] += std::abs(predicted.mean[j] - truth[j]);
      person.level_count[level] += 1;
    }
  }

  static std::vector<double> column(const StudyRow& row, std::size_t metric) {
    std::vector<double> values;
    for (const auto& figures : row.people) values.push_back(figures[static_cast<Metric>(metric)]);
    return values;
  }

  BootstrapOptions bootstrap() const { return {options_.resamples, 0.95, options_.seed}; }

  // A method that does not learn is the same for every k.
  const StudyRow* row_at(const StudyReport& report, const std::string& name, int k) const {
    const auto method =
        std::find_if(methods_.begin(), methods_.end(), [&](const StudyMethod& one) { return one.name == name; });
    return report.find(name, method != methods_.end() && !method->learns ? 0 : k);
  }

  void compare(StudyReport& report) const {
    for (const auto& [name, minus] : options_.compared) {
      for (const int k : options_.k) {
        const StudyRow *row = report.find(name, k), *other = row_at(report, minus, k);
        if (row == nullptr || other == nullptr) continue;
        Difference difference{name, minus, k, {}};
        for (std::size_t metric = 0; metric < kMetrics; ++metric) {
          difference.mean[metric] = bootstrap_difference(column(*row, metric), column(*other, metric), bootstrap());
        }
        report.differences.push_back(std::move(difference));
      }
    }
  }

  void retest(StudyReport& report) const {
    if (table_.retests.empty()) return;
    report.retest = evaluate_retests(table_, bootstrap());
    double squares = 0;
    for (const auto& one : table_.retests) squares += std::pow(static_cast<double>(one.second - one.first), 2);
    report.noise = std::sqrt(squares / static_cast<double>(table_.retests.size()) / 2);
  }

  void advance() {
    std::size_t rows = 0;
    for (const auto& method : methods_) {
      rows += static_cast<std::size_t>(
          std::count_if(options_.k.begin(), options_.k.end(), [&](int k) { return asked(method, k); }));
    }
    if (options_.progress) options_.progress(++done_, rows * plan_.queries.size());
  }

  const RatingTable& table_;
  std::span<const StudyMethod> methods_;
  const StudyOptions& options_;
  KShotPlan plan_;
  StudyLog log_;
  std::size_t done_ = 0;
};

Json row_to_json(const StudyRow& row, const StudyReport& report) {
  Json json = {{"name", row.name},
               {"k", row.k},
               {"corrected_rmse", json_number(report.corrected_rmse(row[Metric::kRmse].mean))}};
  for (std::size_t metric = 0; metric < kMetrics; ++metric)
    json[kMetricNames[metric]] = json_interval(row.mean[metric]);
  for (const double mae : row.mae_by_level) json["mae_by_level"].push_back(json_number(mae));
  return json;
}

}  // namespace

const StudyRow* StudyReport::find(const std::string& name, int k) const {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const StudyRow& row) { return row.name == name && row.k == k; });
  return found == rows.end() ? nullptr : &*found;
}

double StudyReport::corrected_rmse(double rmse) const {
  return noise ? std::sqrt(std::max(0.0, rmse * rmse - *noise * *noise)) : kUndefined;
}

StudyReport run_study(const RatingTable& table, std::span<const StudyMethod> methods, const StudyOptions& options) {
  return Study(table, methods, options).run();
}

Json study_to_json(const StudyReport& report) {
  Json json = {{"set", report.set},
               {"scale", {report.scale.low, report.scale.high}},
               {"people", report.people.size()},
               {"ratings", report.ratings},
               {"photos", report.photos},
               {"left_out", report.left_out},
               {"k", report.options.k},
               {"draws", report.options.draws},
               {"seed", report.options.seed},
               {"rows", Json::array()},
               {"differences", Json::array()}};
  for (const auto& row : report.rows) json["rows"].push_back(row_to_json(row, report));
  for (const auto& one : report.differences) {
    Json difference = {{"row", one.row}, {"minus", one.minus}, {"k", one.k}};
    for (std::size_t metric = 0; metric < kMetrics; ++metric)
      difference[kMetricNames[metric]] = json_interval(one.mean[metric]);
    json["differences"].push_back(std::move(difference));
  }
  if (!report.retest) return json;
  json["noise"] = *report.noise;
  for (std::size_t metric = 0; metric < kMetrics; ++metric)
    json["retest"][kMetricNames[metric]] = json_interval(report.retest->mean[metric]);
  return json;
}

}  // namespace paa::eval
