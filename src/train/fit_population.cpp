#include "paa/train/fit_population.h"

#include <fmt/format.h>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <set>

#include "calibrate_spread.h"
#include "dlllm/radial_kernel.h"
#include "out_of_fold.h"
#include "paa/core/error.h"
#include "variance_components.h"

namespace paa {
namespace {

constexpr std::size_t kFewestPeople = 10, kFewestPhotos = 20;
// A column that is the same on all training photos says nothing; 1 keeps it finite elsewhere.
constexpr double kNoDeviation = 1e-9;
// Where no person in the data kept or rejected anything: a photo is kept if it is above usual, give or take a point.
constexpr double kKeepMean = 0, kKeepScale = 1;
// Below a hundredth of a point the next answer is not worth a person's time.
constexpr double kAskThreshold = 0.01;
// A person with fewer ratings says little of how much people differ.
constexpr std::size_t kFewestRatings = 10;
// The stand-in must follow the training ratings at least this part as well as the scores do, which the model was
// trained on.
constexpr double kFaithful = 0.5;
// What is tried for the non-linear part: length scales, and scales in units of the noise. The best pair counts, on so
// many people.
constexpr double kLengths[] = {0.5, 0.7, 1, 1.4, 2, 3};
constexpr double kScales[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1};
constexpr std::size_t kProcessPeople = 100;

double correlation(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  const Eigen::ArrayXd x = a.array() - a.mean(), y = b.array() - b.mean();
  return (x * y).sum() / std::sqrt(std::max(x.square().sum() * y.square().sum(), kNoDeviation));
}

class Fit {
 public:
  Fit(const RatingTable& table, const FeatureLayout& layout, const FeatureRows& rows,
      const FitPopulationOptions& options)
      : table_(table), layout_(layout), options_(options) {
    check(rows);
    choose_photos();
    choose_groups(rows);
  }

  Population run() {
    standardise();
    stand_in();
    gather_people();
    fit_scales();
    fit_gaussian_process();
    population_.calibration =
        calibrate_spread(population_, rows_, calibration_people(), options_.seed, options_.cancel);
    describe();
    return std::move(population_);
  }

 private:
  void check(const FeatureRows& rows) const {
    if (layout_.groups.empty() || layout_.groups.front().features.size() != 1) {
      throw Error(ErrorCode::kInvalidArgument, "the first group of features must be the score alone");
    }
    if (rows.columns != layout_.columns() || rows.rows() != table_.photos.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("{} rows of {} features for {} photos and a layout of {}", rows.rows(), rows.columns,
                              table_.photos.size(), layout_.columns()));
    }
    if (options_.iterations < 1) throw Error(ErrorCode::kInvalidArgument, "fitting needs at least one iteration");
  }

  bool is_photo(std::uint32_t photo, Split split) const { return table_.photos[photo].split == split; }
  bool is_person(std::uint32_t person, Split split) const { return table_.people[person].split == split; }

  void choose_photos() {
    for (std::size_t i = 0; i < table_.photos.size(); ++i) {
      if (table_.photos[i].split == Split::kTrain) training_.push_back(static_cast<Eigen::Index>(i));
    }
    if (training_.size() < kFewestPhotos) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("a population needs {} training photos; there are {}", kFewestPhotos, training_.size()));
    }
  }

  // Keeps the score and the chosen groups' columns.
  void choose_groups(const FeatureRows& rows) {
    std::vector<std::string> names = options_.groups;
    if (names.empty()) {
      for (std::size_t g = 1; g < layout_.groups.size(); ++g) names.push_back(layout_.groups[g].name);
    }
    std::vector<std::size_t> columns{0};
    for (const auto& name : names) {
      const std::size_t group = layout_.find(name);
      if (group == 0 || group == layout_.groups.size()) {
        throw Error(ErrorCode::kInvalidArgument, fmt::format("there is no group of features \"{}\"", name));
      }
      const std::size_t size = layout_.groups[group].features.size();
      population_.groups.push_back({name, 0.3, std::vector<double>(size, 0), std::vector<double>(size, 1)});
      for (std::size_t i = 0; i < size; ++i) columns.push_back(layout_.begin(group) + i);
    }
    rows_ = columns_at(rows, columns);
  }

  double value(Eigen::Index photo, std::size_t column) const {
    return rows_.row(static_cast<std::size_t>(photo))[column];
  }

  std::pair<double, double> moments(std::size_t column) const {
    double mean = 0, square = 0;
    for (const auto photo : training_) mean += value(photo, column);
    mean /= static_cast<double>(training_.size());
    for (const auto photo : training_) square += std::pow(value(photo, column) - mean, 2);
    const double deviation = std::sqrt(square / static_cast<double>(training_.size()));
    return {mean, deviation > kNoDeviation ? deviation : 1};
  }

  void standardise() {
    std::tie(population_.score_mean, population_.score_deviation) = moments(0);
    std::size_t column = 1;
    for (auto& group : population_.groups) {
      for (std::size_t i = 0; i < group.mean.size(); ++i, ++column) {
        std::tie(group.mean[i], group.deviation[i]) = moments(column);
      }
      grams_.push_back(gram(group, column - group.mean.size()));
    }
  }

  // Inner products of the training photos' standardised columns, a mean over columns.
  Eigen::MatrixXd gram(const PopulationGroup& group, std::size_t begin) const {
    const auto size = static_cast<Eigen::Index>(group.mean.size());
    Eigen::MatrixXd values(static_cast<Eigen::Index>(training_.size()), size);
    for (Eigen::Index i = 0; i < values.rows(); ++i) {
      for (Eigen::Index j = 0; j < size; ++j) {
        const auto at = static_cast<std::size_t>(j);
        values(i, j) =
            (value(training_[static_cast<std::size_t>(i)], begin + at) - group.mean[at]) / group.deviation[at];
      }
    }
    return values * values.transpose() / static_cast<double>(size);
  }

  // The training photos' scores become what they would be had the model not seen them.
  void stand_in() {
    if (population_.groups.empty()) return;
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(table_.photos.size())), count = sum;
    for (const auto& rating : table_.ratings) {
      if (!is_person(rating.person, Split::kTrain)) continue;
      sum[rating.photo] += static_cast<double>(rating.value);
      count[rating.photo] += 1;
    }
    const double mean = sum(training_).sum() / std::max(1.0, count(training_).sum());
    Eigen::VectorXd targets(static_cast<Eigen::Index>(training_.size()));
    for (std::size_t i = 0; i < training_.size(); ++i) {
      const auto photo = training_[i];
      targets[static_cast<Eigen::Index>(i)] = count[photo] > 0 ? sum[photo] / count[photo] : mean;
    }
    Eigen::MatrixXd all = Eigen::MatrixXd::Zero(targets.size(), targets.size());
    for (std::size_t g = 0; g < grams_.size(); ++g)
      all += grams_[g] * static_cast<double>(population_.groups[g].mean.size());
    const Eigen::VectorXd scores = out_of_fold_ridge(all, targets, options_.seed);
    // The score may know what no group knows; then it is no stand-in.
    if (correlation(scores, targets) < kFaithful * correlation(standard_scores(), targets)) return;
    for (std::size_t i = 0; i < training_.size(); ++i) {
      rows_.values[static_cast<std::size_t>(training_[i]) * rows_.columns] =
          static_cast<float>(scores[static_cast<Eigen::Index>(i)]);
    }
  }

  void gather_people() {
    std::vector<Eigen::Index> place(table_.photos.size(), -1);
    for (std::size_t i = 0; i < training_.size(); ++i)
      place[static_cast<std::size_t>(training_[i])] = static_cast<Eigen::Index>(i);
    std::vector<std::vector<double>> ratings(table_.people.size());
    std::vector<std::vector<Eigen::Index>> photos(table_.people.size());
    for (const auto& rating : table_.ratings) {
      if (!is_person(rating.person, Split::kTrain) || place[rating.photo] < 0) continue;
      photos[rating.person].push_back(place[rating.photo]);
      ratings[rating.person].push_back(static_cast<double>(rating.value));
    }
    for (std::size_t i = 0; i < photos.size(); ++i) {
      if (photos[i].size() < kFewestRatings) continue;
      people_.push_back(
          {photos[i], Eigen::Map<Eigen::VectorXd>(ratings[i].data(), static_cast<Eigen::Index>(ratings[i].size()))});
      ratings_ += photos[i].size();
    }
    if (people_.size() < kFewestPeople) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("a population needs {} training people with {} ratings of training photos; there are {}",
                              kFewestPeople, kFewestRatings, people_.size()));
    }
  }

  Eigen::VectorXd standard_scores() const {
    Eigen::VectorXd scores(static_cast<Eigen::Index>(training_.size()));
    for (std::size_t i = 0; i < training_.size(); ++i) {
      scores[static_cast<Eigen::Index>(i)] =
          (value(training_[i], 0) - population_.score_mean) / population_.score_deviation;
    }
    return scores;
  }

  void fit_scales() {
    const Eigen::VectorXd scores = standard_scores();
    means_.resize(scores.size(), 2);
    means_ << Eigen::VectorXd::Ones(scores.size()), scores;
    common_ = {Eigen::MatrixXd::Ones(scores.size(), scores.size()), scores * scores.transpose()};
    std::vector<Eigen::MatrixXd> components = common_;
    components.insert(components.end(), grams_.begin(), grams_.end());
    const double middle = (table_.scale.low + table_.scale.high) / 2, range = table_.scale.high - table_.scale.low;
    VarianceModel start{std::vector<double>(components.size(), 0.01 * range * range), 0.03 * range * range,
                        Eigen::Vector2d(middle, 0.1 * range), 0};
    const auto done = [&](int step) {
      if (options_.progress)
        options_.progress(static_cast<std::size_t>(step), static_cast<std::size_t>(options_.iterations));
    };
    // The first step's means are given, so what the variances are drawn to is settled after it.
    fitted_ = fit_variances(components, means_, people_, start, options_.iterations, options_.cancel, done);
    population_.offset_scale = std::sqrt(fitted_.variances[0]);
    population_.tilt_scale = std::sqrt(fitted_.variances[1]);
    population_.noise = std::sqrt(fitted_.noise);
    population_.intercept = fitted_.coefficients[0];
    population_.slope = fitted_.coefficients[1];
    for (std::size_t g = 0; g < population_.groups.size(); ++g) {
      population_.groups[g].scale = std::sqrt(fitted_.variances[2 + g]);
    }
  }

  // Inner products of the standardised columns of all groups, a mean over columns.
  Eigen::MatrixXd inner_products() const {
    Eigen::MatrixXd inner = Eigen::MatrixXd::Zero(means_.rows(), means_.rows());
    double columns = 0;
    for (std::size_t g = 0; g < grams_.size(); ++g) {
      const auto size = static_cast<double>(population_.groups[g].mean.size());
      inner += grams_[g] * size;
      columns += size;
    }
    return inner / columns;
  }

  // What the fitted variances give: offset, tilt and groups.
  Eigen::MatrixXd linear_covariance() const {
    Eigen::MatrixXd sum = fitted_.variances[0] * common_[0] + fitted_.variances[1] * common_[1];
    for (std::size_t g = 0; g < grams_.size(); ++g) sum += fitted_.variances[2 + g] * grams_[g];
    return sum;
  }

  // The likeliest non-linear part beside the linear one, which stays as it is.
  void fit_gaussian_process() {
    if (grams_.empty()) return;
    const Eigen::MatrixXd inner = inner_products();
    const std::vector<PersonRatings> some(
        people_.begin(), people_.begin() + static_cast<std::ptrdiff_t>(std::min(kProcessPeople, people_.size())));
    std::vector<Eigen::MatrixXd> components = {linear_covariance(), Eigen::MatrixXd::Zero(inner.rows(), inner.cols())};
    const auto likelihood = [&](double scale) {
      const VarianceModel model{{1, scale * scale}, fitted_.noise, fitted_.coefficients, 0};
      return fit_variances(components, means_, some, model, 1, options_.cancel).log_likelihood;
    };
    double best = likelihood(0);
    for (const double length : kLengths) {
      components[1] = radial_kernel(inner, inner.diagonal(), inner.diagonal(), length);
      for (const double scale : kScales) {
        const double points = scale * std::sqrt(fitted_.noise), likely = likelihood(points);
        if (likely <= best) continue;
        best = likely;
        population_.gaussian_process = {points, length};
      }
    }
  }

  std::vector<CalibrationPerson> calibration_people() const {
    std::vector<CalibrationPerson> all(table_.people.size());
    for (const auto& rating : table_.ratings) {
      if (!is_person(rating.person, Split::kTrain) && !is_person(rating.person, Split::kValidation)) continue;
      CalibrationPerson& person = all[rating.person];
      if (is_photo(rating.photo, Split::kTrain)) {
        person.known.push_back(rating.photo);
        person.known_ratings.push_back(static_cast<double>(rating.value));
      } else if (is_photo(rating.photo, Split::kValidation)) {
        person.asked.push_back(rating.photo);
        person.asked_ratings.push_back(static_cast<double>(rating.value));
      }
    }
    std::erase_if(all, [](const CalibrationPerson& person) { return person.asked.empty(); });
    return all;
  }

  void describe() {
    population_.scale_low = table_.scale.low;
    population_.scale_high = table_.scale.high;
    population_.keep_mean = kKeepMean;
    population_.keep_scale = kKeepScale;
    population_.ask_threshold = kAskThreshold;
    population_.trained = fmt::format("{}: {} ratings of {} photos by {} people", table_.name, ratings_,
                                      training_.size(), people_.size());
  }

  const RatingTable& table_;
  const FeatureLayout& layout_;
  const FitPopulationOptions& options_;
  Population population_;
  FeatureRows rows_;                     // score and chosen groups
  std::vector<Eigen::Index> training_;   // photos
  std::vector<Eigen::MatrixXd> grams_;   // by group
  std::vector<Eigen::MatrixXd> common_;  // offset, tilt
  Eigen::MatrixXd means_;
  std::vector<PersonRatings> people_;
  std::size_t ratings_ = 0;
  VarianceModel fitted_;
};

}  // namespace

Population fit_population(const RatingTable& table, const FeatureLayout& layout, const FeatureRows& rows,
                          const FitPopulationOptions& options) {
  return Fit(table, layout, rows, options).run();
}

}  // namespace paa
