#include "paa/core/json.h"

#include "catch.h"

using paa::Error;
using paa::ErrorCode;

TEST_CASE("an unknown key is named") {
  const auto value = paa::parse_json(R"({"a": 1, "b": 2})", "x.json");
  const paa::JsonReader reader(value, "x.json");
  CHECK(reader.get<int>("a") == 1);
  CHECK_THROWS_WITH(reader.refuse_unknown(), "x.json: unknown field \"b\"; the fields are a");
}
