#include "paa/eval/study_methods.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "paa/dlllm/boosted_trees.h"
#include "paa/dlllm/elicitation.h"
#include "paa/dlllm/feature_fusion.h"
#include "paa/dlllm/gaussian_process.h"

namespace paa::eval {
namespace {

struct Mean {
  double sum = 0, count = 0;
  void add(double value) { sum += value, count += 1; }
};

bool by_training_person(const RatingTable& table, const Rating& rating) {
  return table.people[rating.person].split == Split::kTrain;
}

double training_mean(const RatingTable& table) {
  Mean mean;
  for (const auto& rating : table.ratings) {
    if (by_training_person(table, rating)) mean.add(static_cast<double>(rating.value));
  }
  return mean.count == 0 ? (table.scale.low + table.scale.high) / 2 : mean.sum / mean.count;
}

StudyMethod fixed(const std::string& name, std::function<double(std::uint32_t person, std::uint32_t photo)> score) {
  const auto predict = [score = std::move(score)](std::uint32_t person, std::span<const Rating>,
                                                  std::span<const std::uint32_t> photos) {
    Predictions predictions;
    for (const auto photo : photos) predictions.mean.push_back(score(person, photo));
    return predictions;
  };
  return {name, predict, false, true};
}

int age_of(const Profile& profile) {
  if (profile.age) return *profile.age;
  return profile.age_range ? (profile.age_range->first + profile.age_range->second) / 2 : 0;
}

// Two decades weigh as much as another gender or education.
double distance(const Profile& a, const Profile& b) {
  const double years = age_of(a) > 0 && age_of(b) > 0 ? std::abs(age_of(a) - age_of(b)) : 20;
  return (a.gender != b.gender) + (a.education != b.education) + years / 20;
}

// A PersonalPredictor that begins from the population.
template <class Predictor>
StudyMethod learned(const std::string& name, Population population, FeatureRows rows) {
  const auto all = std::make_shared<const FeatureRows>(std::move(rows));
  static_cast<void>(Predictor(population));  // what it refuses is told before the study begins
  const auto predict = [population = std::move(population), all](std::uint32_t, std::span<const Rating> support,
                                                                 std::span<const std::uint32_t> photos) {
    Predictor predictor(population);
    std::vector<std::uint32_t> known;
    std::vector<Observation> observations;
    for (const auto& rating : support) {
      observations.push_back({VerdictKind::kStars, known.size(), known.size(), static_cast<double>(rating.value)});
      known.push_back(rating.photo);
    }
    predictor.fit(rows_at(*all, known), observations);
    Predictions predictions;
    for (const auto& prediction : predictor.predict(rows_at(*all, photos))) {
      predictions.mean.push_back(prediction.score.mean);
      predictions.spread.push_back(prediction.score.spread);
    }
    return predictions;
  };
  return {name, predict, true, true};
}

}  // namespace

StudyMethod constant_method(const std::string& name, const RatingTable& table) {
  StudyMethod method = fixed(name, [mean = training_mean(table)](std::uint32_t, std::uint32_t) { return mean; });
  method.knows_rank = false;
  return method;
}

StudyMethod generic_method(const std::string& name, std::vector<double> scores) {
  return fixed(name, [scores = std::move(scores)](std::uint32_t, std::uint32_t photo) { return scores[photo]; });
}

StudyMethod personal_method(const std::string& name, std::vector<std::vector<double>> scores) {
  return fixed(
      name, [scores = std::move(scores)](std::uint32_t person, std::uint32_t photo) { return scores[person][photo]; });
}

StudyMethod people_method(const std::string& name, const RatingTable& table) {
  std::vector<Mean> photos(table.photos.size());
  for (const auto& rating : table.ratings) {
    if (by_training_person(table, rating)) photos[rating.photo].add(static_cast<double>(rating.value));
  }
  std::vector<double> scores;
  const double other = training_mean(table);
  for (const auto& mean : photos) scores.push_back(mean.count == 0 ? other : mean.sum / mean.count);
  return generic_method(name, std::move(scores));
}

StudyMethod nearest_person_method(const std::string& name, const RatingTable& table) {
  std::vector<std::vector<const Rating*>> raters(table.photos.size());
  for (const auto& rating : table.ratings) {
    if (by_training_person(table, rating)) raters[rating.photo].push_back(&rating);
  }
  const double other = training_mean(table);
  return fixed(name, [&table, raters = std::move(raters), other](std::uint32_t person, std::uint32_t photo) {
    double nearest = std::numeric_limits<double>::infinity(), value = other;
    for (const Rating* rating : raters[photo]) {
      const double far = distance(table.people[person].profile, table.people[rating->person].profile);
      if (far < nearest) nearest = far, value = static_cast<double>(rating->value);
    }
    return value;
  });
}

StudyMethod fusion_method(const std::string& name, Population population, FeatureRows rows) {
  return learned<FeatureFusion>(name, std::move(population), std::move(rows));
}

StudyMethod gaussian_process_method(const std::string& name, Population population, FeatureRows rows) {
  return learned<GaussianProcess>(name, std::move(population), std::move(rows));
}

StudyMethod boosted_trees_method(const std::string& name, Population population, FeatureRows rows) {
  return learned<BoostedTrees>(name, std::move(population), std::move(rows));
}

StudyMethod asking_method(const std::string& name, Population population, FeatureRows rows) {
  const auto all = std::make_shared<const FeatureRows>(rows);
  StudyMethod method = fusion_method(name, population, std::move(rows));
  method.choose = [population = std::move(population), all](std::span<const Rating> pool,
                                                            std::span<const std::uint32_t> photos, int k) {
    std::vector<std::uint32_t> library;
    for (const auto& rating : pool) library.push_back(rating.photo);
    library.insert(library.end(), photos.begin(), photos.end());
    ElicitationOptions options;
    options.count = static_cast<std::size_t>(k);
    options.threshold = 0;
    options.asked.assign(library.size(), false);
    std::fill(options.asked.begin() + static_cast<std::ptrdiff_t>(pool.size()), options.asked.end(), true);
    // What is asked does not depend on the answers as long as they are stars.
    std::vector<std::size_t> places;
    for (const auto& question : next_questions(FeatureFusion(population), rows_at(*all, library), options)) {
      places.push_back(question.photo);
    }
    return places;
  };
  return method;
}

}  // namespace paa::eval
