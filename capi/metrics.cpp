#include "paa/eval/metrics.h"

#include <algorithm>

#include "arguments.h"
#include "guard.h"

namespace {

static_assert(PAA_METRIC_COUNT == paa::eval::kMetrics);
static_assert(PAA_METRIC_SROCC == static_cast<int>(paa::eval::Metric::kSrocc));
static_assert(PAA_METRIC_MAE == static_cast<int>(paa::eval::Metric::kMae));
static_assert(PAA_METRIC_HIGH_ACCURACY == static_cast<int>(paa::eval::Metric::kHighAccuracy));
static_assert(PAA_METRIC_COVERAGE_95 == static_cast<int>(paa::eval::Metric::kCoverage95));
static_assert(PAA_METRIC_CRPS == static_cast<int>(paa::eval::Metric::kCrps));

}  // namespace

using namespace paa::capi;

paa_status paa_metrics(double* figures, const double* ratings, const double* means, const double* spreads, size_t count,
                       double middle) {
  return guard(__func__, [&] {
    required(figures, "figures");
    const auto found = paa::eval::figures_of(array(ratings, count, "ratings"), array(means, count, "means"),
                                             array(spreads, spreads == nullptr ? 0 : count, "spreads"), middle);
    std::copy(found.begin(), found.end(), figures);
  });
}

const char* paa_metric_name(int32_t metric) {
  if (metric < 0 || metric >= PAA_METRIC_COUNT) return "unknown metric";
  return paa::eval::kMetricNames[static_cast<std::size_t>(metric)];
}
