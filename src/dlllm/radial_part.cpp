#include "radial_part.h"

#include <cmath>

#include "radial_kernel.h"

namespace paa {

RadialPart::RadialPart(const Population& population) : length_(population.gaussian_process.length) {
  if (!population.groups.empty()) variance_ = std::pow(population.gaussian_process.scale, 2);
}

RadialPart::Points RadialPart::points_of(const PriorFeatures& prior, const FeatureRows& photos) const {
  const Eigen::ArrayXf mean = prior.column_mean().cast<float>();
  const Eigen::ArrayXf scale =
      (prior.column_deviation() * std::sqrt(static_cast<double>(mean.size()))).inverse().cast<float>();
  Points points{FloatRows(static_cast<Eigen::Index>(photos.rows()), mean.size()), {}};
  for (Eigen::Index i = 0; i < points.columns.rows(); ++i) {
    const Eigen::Map<const Eigen::ArrayXf> row(photos.row(static_cast<std::size_t>(i)).data() + 1, mean.size());
    points.columns.row(i) = ((row - mean) * scale).matrix().transpose();
  }
  points.own = points.columns.rowwise().squaredNorm().cast<double>();
  return points;
}

Eigen::MatrixXd RadialPart::covariance(const Points& a, const Points& b) const {
  return variance_ * radial_kernel(inner_products(a.columns, b.columns), a.own, b.own, length_);
}

Eigen::MatrixXd RadialPart::by_verdict(const Eigen::MatrixXd& by_member) const {
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(verdicts_, by_member.cols());
  for (std::size_t i = 0; i < members_.size(); ++i)
    sums.row(members_[i].verdict) += members_[i].sign * by_member.row(static_cast<Eigen::Index>(i));
  return sums;
}

void RadialPart::fit(const PriorFeatures& prior, const FeatureRows& photos, std::span<const Observation> observations) {
  verdicts_ = static_cast<Eigen::Index>(observations.size());
  members_.clear();
  if (empty()) return;
  FeatureRows rows{photos.columns, {}};
  const auto add = [&](std::size_t verdict, std::size_t photo, double sign) {
    members_.push_back({static_cast<Eigen::Index>(verdict), sign});
    rows.append(photos.row(photo));
  };
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& about = observations[i];
    add(i, about.photo, about.kind == VerdictKind::kReject ? -1 : 1);
    if (about.kind == VerdictKind::kPreference) add(i, about.other, -1);
  }
  points_ = points_of(prior, rows);
}

Eigen::MatrixXd RadialPart::among_verdicts() const {
  if (empty()) return Eigen::MatrixXd::Zero(verdicts_, verdicts_);
  return by_verdict(by_verdict(covariance(points_, points_)).transpose());
}

Eigen::MatrixXd RadialPart::with_verdicts(const PriorFeatures& prior, const FeatureRows& photos) const {
  if (empty()) return Eigen::MatrixXd::Zero(verdicts_, static_cast<Eigen::Index>(photos.rows()));
  return by_verdict(covariance(points_, points_of(prior, photos)));
}

}  // namespace paa
