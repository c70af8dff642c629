#include "prior_features.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "paa/core/error.h"

namespace paa {
namespace {

// By their bits, without a way out: many at a time.
bool all_finite(const std::vector<float>& values) {
  constexpr std::uint32_t kExponent = 0x7f800000;
  std::uint32_t found = 0;
  for (const float value : values) found |= (std::bit_cast<std::uint32_t>(value) & kExponent) == kExponent;
  return found == 0;
}

}  // namespace

PriorFeatures::PriorFeatures(const Population& population)
    : intercept_(population.intercept),
      slope_(population.slope),
      offset_scale_(population.offset_scale),
      tilt_scale_(population.tilt_scale),
      keep_mean_(population.keep_mean),
      keep_scale_(population.keep_scale),
      score_mean_(population.score_mean),
      score_deviation_(population.score_deviation) {
  Eigen::Index columns = 0;
  for (const auto& group : population.groups) columns += static_cast<Eigen::Index>(group.mean.size());
  mean_.resize(columns);
  scale_.resize(columns);
  deviation_.resize(columns);
  expected_.setZero(columns);
  Eigen::Index at = 0;
  for (const auto& group : population.groups) {
    if (group.mean.empty() || group.mean.size() != group.deviation.size()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the population's group \"{}\" has no columns", group.name));
    }
    if (!group.expected.empty() && group.expected.size() != group.mean.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the population's group \"{}\" expects {} weights of {} columns", group.name,
                              group.expected.size(), group.mean.size()));
    }
    const double each = group.scale / std::sqrt(static_cast<double>(group.mean.size()));
    for (std::size_t i = 0; i < group.mean.size(); ++i, ++at) {
      mean_[at] = group.mean[i];
      deviation_[at] = group.deviation[i];
      scale_[at] = each / group.deviation[i];
      if (!group.expected.empty()) expected_[at] = group.expected[i];
    }
  }
  expects_ = (expected_ != 0).any();
  float_mean_ = mean_.cast<float>().matrix().transpose();
  float_scale_ = scale_.cast<float>().matrix().transpose();
}

double PriorFeatures::mean(std::span<const float> photo) const {
  double mean = intercept_ + slope_ * standard_score(photo[0]);
  if (!expects_) return mean;
  for (Eigen::Index i = 0; i < expected_.size(); ++i) {
    if (expected_[i] == 0) continue;
    mean += expected_[i] * (static_cast<double>(photo[static_cast<std::size_t>(i) + 1]) - mean_[i]) / deviation_[i];
  }
  return mean;
}

void PriorFeatures::check_columns(const FeatureRows& photos) const {
  if (photos.values.empty()) return;
  if (photos.columns != columns() || photos.values.size() % photos.columns != 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("photos have rows of {} features, but the population needs {}", photos.columns, columns()));
  }
}

void PriorFeatures::check(const FeatureRows& photos) const {
  check_columns(photos);
  if (all_finite(photos.values)) return;
  for (std::size_t i = 0; i < photos.values.size(); ++i) {
    if (!std::isfinite(photos.values[i])) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("feature {} of photo {} is no finite number", i % photos.columns, i / photos.columns));
    }
  }
}

void PriorFeatures::of_rating(std::span<const float> photo, Eigen::Ref<Eigen::RowVectorXf> features) const {
  features[kOffset] = static_cast<float>(offset_scale_);
  features[kTilt] = static_cast<float>(tilt_scale_ * standard_score(photo[0]));
  features[kThreshold] = 0;
  const Eigen::Map<const Eigen::RowVectorXf> columns(photo.data() + 1, float_mean_.size());
  features.tail(float_mean_.size()) = (columns - float_mean_).cwiseProduct(float_scale_);
}

FloatRows PriorFeatures::of_ratings(const FeatureRows& photos) const {
  const auto rows = static_cast<Eigen::Index>(photos.rows());
  FloatRows features(rows, size());
  for (Eigen::Index i = 0; i < rows; ++i) of_rating(photos.row(static_cast<std::size_t>(i)), features.row(i));
  return features;
}

PriorFeatures::RawWeights PriorFeatures::raw_weights(const Eigen::VectorXd& u) const {
  const double tilt = (slope_ + tilt_scale_ * u[kTilt]) / score_deviation_;
  const Eigen::ArrayXd columns = u.tail(scale_.size()).array() * scale_ + expected_ / deviation_;
  RawWeights weights;
  weights.constant = intercept_ + offset_scale_ * u[kOffset] - tilt * score_mean_ - (columns * mean_).sum();
  weights.raw.resize(1 + scale_.size());
  weights.raw[0] = static_cast<float>(tilt);
  weights.raw.tail(scale_.size()) = columns.cast<float>().matrix().transpose();
  return weights;
}

void PriorFeatures::to_threshold(Eigen::Ref<Eigen::RowVectorXf> features) const {
  features[kOffset] = 0;
  features[kThreshold] = -static_cast<float>(keep_scale_);
}

}  // namespace paa
