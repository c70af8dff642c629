#include "paa/core/random.h"

#include <algorithm>

#include "catch.h"

using paa::Random;

TEST_CASE("numbers depend on seed and stream alone") {
  Random a(7, 3), b(7, 3), other_stream(7, 4), other_seed(8, 3);
  const auto first = a.next();
  CHECK(first == b.next());
  CHECK(first != other_stream.next());
  CHECK(first != other_seed.next());
}

TEST_CASE("below() gives every number equally often") {
  Random random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10000) < 400);
}

TEST_CASE("uniform and normal numbers have their moments") {
  Random random(2);
  double uniform = 0, mean = 0, square = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform(), n = random.normal();
    REQUIRE((u >= 0 && u < 1));
    uniform += u / kDraws;
    mean += n / kDraws;
    square += n * n / kDraws;
  }
  CHECK(std::abs(uniform - 0.5) < 0.005);
  CHECK(std::abs(mean) < 0.015);
  CHECK(std::abs(square - 1) < 0.02);
}

TEST_CASE("a permutation holds every index once, in another order each time") {
  Random random(3);
  auto order = random.permutation(100), other = random.permutation(100);
  CHECK(order != other);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) CHECK(order[i] == i);
  CHECK(random.permutation(0).empty());
}
