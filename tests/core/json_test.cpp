#include "paa/core/json.h"

#include <string>

#include "catch.h"
#include "paa/core/file.h"

#include "refusal.h"
#include "temporary_folder.h"

using paa::ErrorCode;
using paa::JsonReader;

namespace {

Refusal parse_refusal(std::string_view text, const paa::JsonLimits& limits = {}) {
  return refusal([&] { paa::parse_json(text, "x.json", limits); });
}

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

bool is_utf8(const std::string& text) {
  try {
    static_cast<void>(paa::Json(text).dump());
    return true;
  } catch (const paa::Json::exception&) {
    return false;
  }
}

}  // namespace

TEST_CASE("what is not JSON is refused with line and column") {
  const auto said = parse_refusal("{\n  \"a\": 1,\n  \"b\" 2\n}");
  CHECK(said.code == ErrorCode::kBadFormat);
  CHECK(said.message.starts_with("x.json: not valid JSON: parse error at line 3, column "));
  for (const auto text : {"", " ", "{", "[1,]", "{\"a\":}", "nul", "1 2", "{\"a\": NaN}", "[Infinity]", "[1e999]",
                          "'a'", "[01]", "\"\n\"", "{a: 1}", "// comment\n1"}) {
    INFO(text);
    CHECK(parse_refusal(text).code == ErrorCode::kBadFormat);
  }
}

TEST_CASE("invalid UTF-8 is refused, in a message that is valid UTF-8") {
  for (const auto text : {"\"\xFF\"", "{\"a\xC3\": 1}", "\"\xED\xA0\x80\"", "\"\xC0\x80\"", "\xFE\xFF"}) {
    const auto said = parse_refusal(text);
    CHECK(said.code == ErrorCode::kBadFormat);
    CHECK(is_utf8(said.message));
  }
}

TEST_CASE("a key that stands twice in one object is refused; in two objects it is fine") {
  const auto said = parse_refusal(R"({"a": {"b": 1, "c": 2, "b": 3}})");
  CHECK(said.code == ErrorCode::kBadFormat);
  CHECK(said.message == "x.json: the key \"b\" stands twice in one object");
  CHECK_NOTHROW(paa::parse_json(R"([{"a": 1}, {"a": {"a": 2}}])", "x.json"));
}

TEST_CASE("nesting and size have limits, and what is just within them is read") {
  CHECK_NOTHROW(paa::parse_json(nested(64), "x.json"));
  CHECK(parse_refusal(nested(65)).code == ErrorCode::kLimitExceeded);
  CHECK(parse_refusal(std::string(1 << 20, '[')).code == ErrorCode::kLimitExceeded);
  CHECK_NOTHROW(paa::parse_json("[1]", "x.json", {3, 1}));
  CHECK(parse_refusal("[1] ", {3, 1}).code == ErrorCode::kLimitExceeded);
}

TEST_CASE("a file's errors name the file") {
  const TemporaryFolder folder;
  paa::write_file(folder / "bad.json", "{");
  paa::write_file(folder / "good.json", R"({"a": [1, 2]})");
  CHECK(paa::read_json(folder / "good.json").at("a").size() == 2);
  CHECK(refusal([&] { paa::read_json(folder / "bad.json"); }).message.starts_with((folder / "bad.json").string()));
  CHECK(refusal([&] { paa::read_json(folder / "none.json"); }).code == ErrorCode::kNotFound);
  CHECK(refusal([&] { paa::read_json(folder / "good.json", {4, 64}); }).code == ErrorCode::kLimitExceeded);
}

TEST_CASE("text made of JSON is one line, and bad bytes in it are replaced") {
  CHECK(paa::to_text(paa::Json{{"b", "line\nbreak"}, {"a", 1}}) == R"({"a":1,"b":"line\nbreak"})");
  CHECK(paa::to_text(paa::Json("a\xFFz")) == "\"a\xEF\xBF\xBDz\"");
}

TEST_CASE("an unknown key is named, and those one may use") {
  const auto value = paa::parse_json(R"({"a": 1, "b": 2, "inner": {"x": 1, "y": 2}})", "x.json");
  const JsonReader reader(value, "x.json");
  CHECK(reader.get<int>("a") == 1);
  const JsonReader inner = reader.object("inner");
  CHECK(inner.get<int>("x") == 1);
  CHECK_THROWS_WITH(reader.refuse_unknown(), "x.json: unknown field \"b\"; the fields are a, inner");
  CHECK_THROWS_WITH(inner.refuse_unknown(), "x.json: unknown field \"inner.y\"; the fields are inner.x");
  CHECK(reader.has("b"));
  CHECK_NOTHROW(reader.refuse_unknown());
}

TEST_CASE("a field is read as what it is, or its absence told") {
  const auto value = paa::parse_json(
      R"({"yes": true, "count": 3, "whole": 4.0, "share": 0.5, "name": "ä", "list": [1, 2], "names": ["a"],
          "none": null})",
      "x.json");
  const JsonReader reader(value, "x.json");
  CHECK(reader.get<bool>("yes"));
  CHECK(reader.get<int>("count") == 3);
  CHECK(reader.get<int>("whole") == 4);
  CHECK(reader.get<double>("count") == 3.0);
  CHECK(reader.get<double>("share") == 0.5);
  CHECK(reader.get<std::string>("name") == "ä");
  CHECK(reader.get<std::vector<int>>("list") == std::vector<int>{1, 2});
  CHECK(reader.get<std::vector<std::string>>("names") == std::vector<std::string>{"a"});
  CHECK(reader.get<paa::Json>("list").size() == 2);
  CHECK_FALSE(reader.find<int>("absent").has_value());
  CHECK_FALSE(reader.find<int>("none").has_value());
  CHECK(reader.get_or<int>("absent", 7) == 7);
  CHECK(reader.get_or<int>("count", 7) == 3);
}

TEST_CASE("a field of the wrong type or out of range is named with its path") {
  const auto value = paa::parse_json(
      R"({"in": {"text": "5", "half": 2.5, "large": 3000000000, "huge": 18446744073709551615, "minus": -1,
          "float": 1e300, "mixed": [1, "2"], "object": {}}})",
      "x.json");
  const JsonReader outer(value, "x.json");
  const JsonReader reader = outer.object("in");
  CHECK_THROWS_WITH(reader.get<int>("text"), "x.json: \"in.text\" must be a whole number");
  CHECK_THROWS_WITH(reader.get<int>("half"), "x.json: \"in.half\" must be a whole number");
  CHECK_THROWS_WITH(reader.get<int>("large"), "x.json: \"in.large\" is out of range");
  CHECK_THROWS_WITH(reader.get<std::int64_t>("huge"), "x.json: \"in.huge\" is too large");
  CHECK_THROWS_WITH(reader.get<int>("float"), "x.json: \"in.float\" must be a whole number");
  CHECK_THROWS_WITH(reader.get<std::uint64_t>("minus"), "x.json: \"in.minus\" must not be negative");
  CHECK_THROWS_WITH(reader.get<double>("text"), "x.json: \"in.text\" must be a number");
  CHECK_THROWS_WITH(reader.get<bool>("minus"), "x.json: \"in.minus\" must be true or false");
  CHECK_THROWS_WITH(reader.get<std::string>("minus"), "x.json: \"in.minus\" must be a string");
  CHECK_THROWS_WITH(reader.get<std::vector<int>>("minus"), "x.json: \"in.minus\" must be an array");
  CHECK_THROWS_WITH(reader.get<std::vector<int>>("mixed"), "x.json: \"in.mixed[1]\" must be a whole number");
  CHECK_THROWS_WITH(reader.get<int>("absent"), "x.json: \"in.absent\" is missing");
  CHECK_THROWS_WITH(reader.object("absent"), "x.json: \"in.absent\" is missing");
  CHECK_THROWS_WITH(reader.object("text"), "x.json: \"in.text\" must be an object");
  CHECK(refusal([&] { reader.get<int>("text"); }).code == ErrorCode::kBadFormat);
  CHECK(refusal([] { JsonReader(paa::Json::array(), "x.json"); }).code == ErrorCode::kBadFormat);
}
