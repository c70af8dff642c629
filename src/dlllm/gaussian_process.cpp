#include "paa/dlllm/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "linear_posterior.h"
#include "radial_part.h"
#include "row_blocks.h"

namespace paa {

struct GaussianProcess::Impl {
  explicit Impl(Population other) : population(std::move(other)), posterior(population), radial(population) {}

  Population population;
  LinearPosterior posterior;
  RadialPart radial;
};

GaussianProcess::GaussianProcess(Population population) : impl_(std::make_unique<Impl>(std::move(population))) {}
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;
GaussianProcess::~GaussianProcess() = default;

const Population& GaussianProcess::population() const noexcept { return impl_->population; }

void GaussianProcess::fit(const FeatureRows& photos, std::span<const Observation> observations) {
  const PriorFeatures& prior = impl_->posterior.prior();
  prior.check(photos);
  VerdictRows rows = verdict_rows(prior, impl_->population.noise, photos, observations);
  impl_->radial.fit(prior, photos, observations);
  impl_->posterior.fit(std::move(rows), impl_->radial.among_verdicts());
}

std::vector<Prediction> GaussianProcess::predict(const FeatureRows& photos) const {
  const LinearPosterior& posterior = impl_->posterior;
  posterior.prior().check(photos);
  std::vector<double> means = posterior.means(photos), variances(means.size());
  in_blocks(photos, [&](std::size_t begin, const FeatureRows& block) {
    const FloatRows features = posterior.prior().of_ratings(block);
    Eigen::VectorXd left = features.rowwise().squaredNorm().cast<double>().array() + impl_->radial.variance();
    if (posterior.verdicts() > 0) {
      const Eigen::MatrixXd bent = impl_->radial.with_verdicts(posterior.prior(), block);
      Eigen::Map<Eigen::VectorXd>(means.data() + begin, left.size()) += bent.transpose() * posterior.dual_weights();
      left -= posterior.whiten(posterior.with_verdicts(features) + bent).colwise().squaredNorm().transpose();
    }
    Eigen::Map<Eigen::VectorXd>(variances.data() + begin, left.size()) = (posterior.inflation() * left).cwiseMax(0);
  });
  return predictions_of(impl_->population, posterior.inflation(), means, variances);
}

double GaussianProcess::noise() const noexcept {
  return std::sqrt(impl_->posterior.inflation()) * impl_->population.noise;
}

}  // namespace paa
