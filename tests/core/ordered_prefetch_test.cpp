#include "paa/core/ordered_prefetch.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.h"

using paa::OrderedPrefetch;

namespace {

void pause(int microseconds) { std::this_thread::sleep_for(std::chrono::microseconds(microseconds)); }

}  // namespace

TEST_CASE("items come in order, whatever order they are finished in") {
  for (const std::size_t threads : {1, 3, 8}) {
    for (const std::size_t ahead : {1, 2, 5}) {
      OrderedPrefetch<std::size_t> items(
          40,
          [](std::size_t i) {
            pause(i % 3 == 0 ? 300 : 0);
            return i * i;
          },
          ahead, threads);
      for (std::size_t i = 0; i < 40; ++i) REQUIRE(items.next() == i * i);
      CHECK_FALSE(items.next().has_value());
      CHECK_FALSE(items.next().has_value());
    }
  }
}

TEST_CASE("no items end at once") {
  OrderedPrefetch<int> items(0, [](std::size_t) { return 1; }, 4, 2);
  CHECK_FALSE(items.next().has_value());
}

TEST_CASE("items need neither a default nor a copy") {
  OrderedPrefetch<std::unique_ptr<std::string>> items(
      3, [](std::size_t i) { return std::make_unique<std::string>(i, 'x'); }, 2, 2);
  for (std::size_t i = 0; i < 3; ++i) CHECK((*items.next())->size() == i);
}

TEST_CASE("an item that fails is told in its place and stops no other") {
  OrderedPrefetch<std::size_t> items(
      20,
      [](std::size_t i) {
        if (i % 4 == 1) throw std::runtime_error("item " + std::to_string(i));
        return i;
      },
      3, 2);
  for (std::size_t i = 0; i < 20; ++i) {
    if (i % 4 == 1) {
      CHECK_THROWS_WITH(items.next(), "item " + std::to_string(i));
    } else {
      CHECK(items.next() == i);
    }
  }
  CHECK_FALSE(items.next().has_value());
}

TEST_CASE("never more items are begun than may be ahead") {
  constexpr std::size_t kAhead = 3;
  std::atomic<std::size_t> begun{0};
  std::atomic<std::size_t> taken{0};
  std::atomic<bool> too_far{false};
  OrderedPrefetch<std::size_t> items(
      60,
      [&](std::size_t i) {
        // `taken` is counted after next() returns, so one item may be in the caller's hands uncounted.
        if (++begun > taken + kAhead + 1) too_far = true;
        return i;
      },
      kAhead, 8);
  pause(20000);
  CHECK(begun == kAhead);
  while (items.next()) {
    ++taken;
    pause(100);
  }
  CHECK(taken == 60);
  CHECK_FALSE(too_far);
}

TEST_CASE("giving up early waits for running items only") {
  std::atomic<std::size_t> begun{0};
  {
    OrderedPrefetch<std::size_t> items(
        1000000,
        [&](std::size_t i) {
          ++begun;
          pause(1000);
          return i;
        },
        4, 2);
    CHECK(items.next() == 0u);
  }
  const std::size_t at_end = begun;
  CHECK(at_end <= 5);
  pause(5000);
  CHECK(begun == at_end);
  {
    OrderedPrefetch<int> unused(100, [](std::size_t) { return 1; }, 1, 1);
  }
}

TEST_CASE("a prefetch without room, threads or work is refused") {
  const auto one = [](std::size_t) { return 1; };
  CHECK_THROWS_AS(OrderedPrefetch<int>(3, one, 0, 1), paa::Error);
  CHECK_THROWS_AS(OrderedPrefetch<int>(3, one, 1, 0), paa::Error);
  CHECK_THROWS_AS(OrderedPrefetch<int>(3, nullptr, 1, 1), paa::Error);
}
