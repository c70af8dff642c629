#include "paa/core/error.h"

#include <set>
#include <string>

#include "catch.h"

TEST_CASE("an error carries its code and its message") {
  const paa::Error error(paa::ErrorCode::kMismatch, "model.json: the hash differs");
  CHECK(error.code() == paa::ErrorCode::kMismatch);
  CHECK(std::string(error.what()) == "model.json: the hash differs");
}

TEST_CASE("every code has a name of its own") {
  std::set<std::string> names;
  for (int code = 1; code <= 10; ++code) names.insert(paa::to_string(static_cast<paa::ErrorCode>(code)));
  CHECK(names.size() == 10);
  CHECK(names.count("unknown error") == 0);
  CHECK(std::string(paa::to_string(static_cast<paa::ErrorCode>(99))) == "unknown error");
}
