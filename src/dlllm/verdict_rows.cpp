#include "verdict_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "paa/core/error.h"

namespace paa {
void check_verdict(const FeatureRows& photos, const Observation& about) {
  const std::size_t last = about.kind == VerdictKind::kPreference ? std::max(about.photo, about.other) : about.photo;
  if (last >= photos.rows()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a verdict is about photo {}, but there are {}", last, photos.rows()));
  }
  if (about.kind == VerdictKind::kStars && !std::isfinite(about.stars))
    throw Error(ErrorCode::kInvalidArgument, "a rating is no finite number");
}

VerdictRows verdict_rows(const PriorFeatures& prior, double noise, const FeatureRows& photos,
                         std::span<const Observation> observations) {
  const auto n = static_cast<Eigen::Index>(observations.size());
  VerdictRows rows{FloatRows(n, prior.size()), Eigen::VectorXd(n), {}, 0};
  rows.terms.reserve(observations.size());
  for (Eigen::Index i = 0; i < n; ++i) {
    const Observation& about = observations[static_cast<std::size_t>(i)];
    check_verdict(photos, about);
    LikelihoodTerm term{LikelihoodTerm::Kind::kAbove, 0, noise * noise};
    auto row = rows.features.row(i);
    double& mean = rows.prior_means[i];
    prior.of_rating(photos.row(about.photo), row);
    mean = prior.mean(photos.row(about.photo));
    switch (about.kind) {
      case VerdictKind::kStars:
        term.kind = LikelihoodTerm::Kind::kValue;
        term.target = about.stars;
        ++rows.stars;
        break;
      case VerdictKind::kPreference: {
        Eigen::RowVectorXf other(prior.size());
        prior.of_rating(photos.row(about.other), other);
        row -= other;
        mean -= prior.mean(photos.row(about.other));
        term.variance *= 2;
        break;
      }
      case VerdictKind::kKeep:
      case VerdictKind::kReject:
        prior.to_threshold(row);
        mean -= prior.threshold_mean();
        if (about.kind == VerdictKind::kReject) row = -row, mean = -mean;
        break;
    }
    rows.terms.push_back(term);
  }
  return rows;
}

}  // namespace paa
