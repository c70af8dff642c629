#include "paa/eval/bootstrap.h"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/random.h"

using namespace paa::eval;

namespace {

using Numbers = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Numbers normal_numbers(paa::Random& random, std::size_t count, double mean) {
  Numbers values(count);
  for (double& value : values) value = mean + random.normal();
  return values;
}

}  // namespace

TEST_CASE("equal values have an interval without width") {
  const Interval interval = bootstrap_mean(Numbers{2, 2, 2});
  CHECK(interval.mean == 2);
  CHECK(interval.low == 2);
  CHECK(interval.high == 2);
  CHECK(interval.people == 3);
}

TEST_CASE("two people's interval is that of the four equally likely resamples") {
  // Means 0, 1/2, 1/2, 1: a quarter of the resamples is 0 and a quarter is 1.
  const Interval wide = bootstrap_mean(Numbers{0, 1}, {.resamples = 4000, .level = 0.95});
  CHECK(wide.low == 0);
  CHECK(wide.high == 1);
  const Interval narrow = bootstrap_mean(Numbers{0, 1}, {.resamples = 4000, .level = 0.4});
  CHECK(narrow.low == 0.5);
  CHECK(narrow.high == 0.5);
}

TEST_CASE("for many people the interval is the one of the normal distribution") {
  paa::Random random(1);
  const Numbers values = normal_numbers(random, 2000, 5);
  double mean = 0, variance = 0;
  for (const double value : values) mean += value / 2000;
  for (const double value : values) variance += (value - mean) * (value - mean) / 1999;
  const double reach = 1.96 * std::sqrt(variance / 2000);
  const Interval interval = bootstrap_mean(values, {.resamples = 20000});
  CHECK(interval.mean == Approx(mean));
  CHECK(interval.low == Approx(mean - reach).margin(0.05 * reach));
  CHECK(interval.high == Approx(mean + reach).margin(0.05 * reach));
}

TEST_CASE("the interval holds the true mean about as often as it says") {
  paa::Random random(2);
  int holds = 0;
  constexpr int kTrials = 2000;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Interval interval = bootstrap_mean(normal_numbers(random, 60, 1),
                                             {.resamples = 400, .level = 0.9, .seed = static_cast<std::uint64_t>(trial)});
    holds += interval.low <= 1 && 1 <= interval.high;
  }
  CHECK(holds > 0.87 * kTrials);
  CHECK(holds < 0.92 * kTrials);
}

TEST_CASE("the seed alone decides the draws") {
  const Numbers values{1, 2, 4, 8, 16};
  const auto low = [&](std::uint64_t seed) { return bootstrap_mean(values, {.resamples = 50, .seed = seed}).low; };
  CHECK(low(1) == low(1));
  CHECK((low(1) != low(2) || low(1) != low(3)));
}

TEST_CASE("paired rows lose what is common to both: their difference is known better than either") {
  paa::Random random(3);
  const Numbers people = normal_numbers(random, 80, 0);
  Numbers better = people;
  for (double& value : better) value += 0.1;
  const Interval difference = bootstrap_difference(better, people);
  CHECK(difference.mean == Approx(0.1));
  CHECK(difference.high - difference.low < 1e-12);
  CHECK(bootstrap_mean(people).high - bootstrap_mean(people).low > 0.2);
}

TEST_CASE("people without a figure are left out, in pairs when either is missing") {
  CHECK(bootstrap_mean(Numbers{1, kNan, 3}).mean == 2);
  CHECK(bootstrap_mean(Numbers{1, kNan, 3}).people == 2);
  const Interval paired = bootstrap_difference(Numbers{1, kNan, 3, 4}, Numbers{0, 1, kNan, 2});
  CHECK(paired.people == 2);
  CHECK(paired.mean == Approx(1.5));
  CHECK(std::isnan(bootstrap_mean(Numbers{kNan}).mean));
  CHECK(std::isnan(bootstrap_mean(Numbers{}).low));
  CHECK(bootstrap_mean(Numbers{7}).high == 7);
}

TEST_CASE("options that mean nothing are refused") {
  CHECK_THROWS_AS(bootstrap_mean(Numbers{1, 2}, {.resamples = 0}), paa::Error);
  CHECK_THROWS_AS(bootstrap_mean(Numbers{1, 2}, {.level = 1}), paa::Error);
  CHECK_THROWS_AS(bootstrap_difference(Numbers{1, 2}, Numbers{1}), paa::Error);
}
