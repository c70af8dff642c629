#include "paa/eval/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/json.h"
#include "paa/core/random.h"

using namespace paa::eval;

namespace {

using Numbers = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const paa::Json& goldens() {
  static const paa::Json json = paa::read_json(PAA_TEST_DATA "/metrics.json");
  return json;
}

double relative_error(double value, double expected) {
  return std::abs(value - expected) / std::max(1.0, std::abs(expected));
}

// From the definition, over all pairs.
double slow_tau_b(const Numbers& a, const Numbers& b) {
  double surplus = 0, apart_a = 0, apart_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int x = (a[i] > a[j]) - (a[i] < a[j]), y = (b[i] > b[j]) - (b[i] < b[j]);
      surplus += x * y;
      apart_a += x * x;
      apart_b += y * y;
    }
  }
  return surplus / std::sqrt(apart_a * apart_b);
}

}  // namespace

TEST_CASE("every figure equals SciPy's and scikit-learn's to 1e-12") {
  const auto& json = goldens();
  REQUIRE(json["cases"].size() > 50);
  std::size_t undefined = 0;
  for (const auto& one : json["cases"]) {
    const auto truth = one["truth"].get<Numbers>(), mean = one["mean"].get<Numbers>(), spread = one["spread"].get<Numbers>();
    const Figures figures = figures_of(truth, mean, spread, json["middle"].get<double>());
    for (std::size_t i = 0; i < kMetrics; ++i) {
      const auto& expected = one["figures"][kMetricNames[i]];
      const double figure = figures[static_cast<Metric>(i)];
      INFO(kMetricNames[i] << " of " << one["truth"].dump() << " and " << one["mean"].dump() << ": " << figure);
      if (expected.is_null()) {
        CHECK(std::isnan(figure));
        ++undefined;
      } else {
        CHECK(relative_error(figure, expected.get<double>()) < 1e-12);
      }
    }
  }
  CHECK(undefined > 10);
}

TEST_CASE("the normal quantile equals SciPy's to 1e-12") {
  for (const auto& pair : goldens()["quantiles"]) {
    INFO(pair.dump());
    CHECK(relative_error(normal_quantile(pair[0].get<double>()), pair[1].get<double>()) < 1e-12);
  }
  for (const double outside : {0.0, 1.0, -0.5, kNan}) CHECK(std::isnan(normal_quantile(outside)));
}

TEST_CASE("tau-b in n log n equals its definition over all pairs, ties or not") {
  paa::Random random(5);
  for (const std::size_t values : {2, 3, 7, 1000000}) {
    Numbers a(301), b(301);
    for (double& x : a) x = static_cast<double>(random.below(values));
    for (double& x : b) x = static_cast<double>(random.below(values));
    CHECK(kendall_tau_b(a, b) == Approx(slow_tau_b(a, b)).margin(1e-12));
  }
}

TEST_CASE("order alone decides SROCC and tau, a straight line PLCC") {
  const Numbers truth{1, 2, 3, 5, 4}, curved{1, 8, 27, 125, 64}, down{-1, -2, -3, -5, -4};
  CHECK(srocc(truth, curved) == Approx(1));
  CHECK(kendall_tau_b(truth, curved) == Approx(1));
  CHECK(plcc(truth, curved) < 0.99);
  CHECK(srocc(truth, down) == Approx(-1));
  CHECK(plcc(truth, down) == Approx(-1));
}

TEST_CASE("what is not defined is NaN") {
  const Numbers none, one{3}, flat{3, 3, 3}, rising{1, 2, 3}, with_nan{1, kNan, 3}, with_infinity{1, kInfinity, 3};
  for (auto* correlation : {srocc, plcc, kendall_tau_b}) {
    CHECK(std::isnan(correlation(none, none)));
    CHECK(std::isnan(correlation(one, one)));
    CHECK(std::isnan(correlation(flat, rising)));
    CHECK(std::isnan(correlation(rising, flat)));
  }
  for (auto* figure : {srocc, plcc, kendall_tau_b, mae, rmse}) {
    CHECK(std::isnan(figure(rising, with_nan)));
    CHECK(std::isnan(figure(with_infinity, rising)));
  }
  CHECK(mae(flat, flat) == 0);
  CHECK(std::isnan(mae(none, none)));
  CHECK(std::isnan(crps(rising, rising, Numbers{1, 1, -1})));
  CHECK(std::isnan(coverage(rising, rising, with_nan, 0.5)));
  const Figures without_spread = figures_of(rising, rising, {}, 4);
  CHECK(std::isnan(without_spread[Metric::kCrps]));
  CHECK(without_spread[Metric::kMae] == 0);
}

TEST_CASE("high is above the middle; the middle itself is not") {
  const Numbers truth{1, 4, 5, 7};
  CHECK(high_class_accuracy(truth, Numbers{4, 4, 4.1, 6}, 4) == 1);
  CHECK(high_class_accuracy(truth, Numbers{4.1, 4.1, 4, 6}, 4) == 0.25);
}

TEST_CASE("the central intervals of true distributions hold their share") {
  paa::Random random(6);
  Numbers truth(40000), mean(truth.size()), spread(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    mean[i] = 4 * random.uniform();
    spread[i] = 0.5 + random.uniform();
    truth[i] = mean[i] + spread[i] * random.normal();
  }
  for (const double level : {0.5, 0.8, 0.95}) CHECK(std::abs(coverage(truth, mean, spread, level) - level) < 0.01);
  // CRPS is proper: neither a narrower nor a wider distribution scores better than the true one.
  for (const double factor : {0.7, 1.4}) {
    Numbers wrong = spread;
    for (double& value : wrong) value *= factor;
    CHECK(crps(truth, mean, wrong) > crps(truth, mean, spread));
  }
}

TEST_CASE("lists of different lengths are refused") {
  CHECK_THROWS_AS(srocc(Numbers{1, 2}, Numbers{1}), paa::Error);
  CHECK_THROWS_AS(crps(Numbers{1, 2}, Numbers{1, 2}, Numbers{1}), paa::Error);
}
