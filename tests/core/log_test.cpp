#include "paa/core/log.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"

TEST_CASE("the library is silent until a callback is set, and again after") {
  CHECK_FALSE(paa::log_enabled());
  paa::log(paa::LogLevel::kWarning, "nobody hears this");

  std::vector<std::string> heard;
  paa::set_log_callback([&](paa::LogLevel level, std::string_view line) {
    heard.push_back(std::to_string(static_cast<int>(level)) + " " + std::string(line));
  });
  CHECK(paa::log_enabled());
  paa::log(paa::LogLevel::kInfo, "loading");
  paa::log(paa::LogLevel::kWarning, "slow disk");
  paa::set_log_callback({});
  CHECK_FALSE(paa::log_enabled());
  paa::log(paa::LogLevel::kInfo, "nobody hears this either");
  CHECK(heard == std::vector<std::string>{"1 loading", "2 slow disk"});
}

TEST_CASE("lines from many threads come one at a time, and none after the callback was taken away") {
  int lines = 0;  // not atomic: the lock in log() must suffice
  std::atomic<bool> is_set{true};
  std::atomic<int> late{0};
  paa::set_log_callback([&](paa::LogLevel, std::string_view) {
    ++lines;
    if (!is_set) ++late;
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int line = 0; line < 500; ++line) paa::log(paa::LogLevel::kDebug, "line");
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(lines == 2000);

  std::thread talker([] {
    for (int line = 0; line < 5000; ++line) paa::log(paa::LogLevel::kDebug, "line");
  });
  paa::set_log_callback({});
  is_set = false;
  talker.join();
  CHECK(late == 0);
}
