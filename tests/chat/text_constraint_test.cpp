#include "paa/chat/text_constraint.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "catch.h"
#include "core/refusal.h"
#include "paa/core/json.h"

#include "random_schema.h"

using paa::ErrorCode;
using paa::Json;
using paa::TextConstraint;

namespace {

constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();

bool begins(const TextConstraint& constraint, std::string_view text) {
  const auto state = constraint.clone();
  return std::all_of(text.begin(), text.end(), [&](char byte) { return state->take(byte); });
}

bool accepts(const TextConstraint& constraint, std::string_view text) {
  const auto state = constraint.clone();
  for (const char byte : text) {
    if (!state->take(byte)) return false;
  }
  return state->complete();
}

bool accepts(const Json& schema, std::string_view text) { return accepts(*paa::json_of(schema), text); }

// Every whole text, and whether each beginning leads to one.
bool collect(const TextConstraint& state, const std::string& taken, std::set<std::string>& texts) {
  bool leads = state.complete();
  if (leads) texts.insert(taken);
  for (int byte = 0; byte < 256; ++byte) {
    const auto next = state.clone();
    if (!next->take(static_cast<char>(byte))) continue;
    if (!collect(*next, taken + static_cast<char>(byte), texts)) return false;
    leads = true;
  }
  return leads;
}

std::set<std::string> all_texts(const TextConstraint& constraint) {
  std::set<std::string> texts;
  INFO("a beginning that leads nowhere");
  CHECK(collect(constraint, "", texts));
  return texts;
}

std::set<std::string> all_texts(const char* schema) { return all_texts(*paa::json_of(Json::parse(schema))); }

Refusal schema_refusal(const Json& schema) {
  return refusal([&] { paa::json_of(schema); });
}

void check_refused(const char* schema, ErrorCode code, const std::string& place) {
  const Refusal said = schema_refusal(Json::parse(schema));
  INFO(schema << " -> " << said.message);
  CHECK(said.code == code);
  CHECK(said.message.starts_with("JSON schema: " + place + ": "));
}

Json nested_arrays(int depth) {
  Json schema = {{"type", "null"}};
  for (int i = 0; i < depth; ++i) schema = {{"type", "array"}, {"items", schema}};
  return schema;
}

}  // namespace

TEST_CASE("one of some texts, also where one begins another") {
  const auto constraint = paa::one_of({"yes", "no", "not sure", "no", "\xC3\xA9"});
  CHECK(all_texts(*constraint) == std::set<std::string>{"yes", "no", "not sure", "\xC3\xA9"});
  CHECK_FALSE(constraint->complete());
  CHECK_FALSE(begins(*constraint, "maybe"));
  CHECK_FALSE(begins(*constraint, "yess"));
  CHECK(refusal([] { paa::one_of({}); }).code == ErrorCode::kInvalidArgument);
  CHECK(refusal([] { paa::one_of({"a", ""}); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("a refused byte changes nothing, and clones part ways") {
  const auto constraint = paa::one_of({"abc", "abd"});
  CHECK(constraint->take('a'));
  CHECK_FALSE(constraint->take('x'));
  const auto other = constraint->clone();
  CHECK((constraint->take('b') && constraint->take('c') && constraint->complete()));
  CHECK_FALSE(other->complete());
  CHECK((other->take('b') && other->take('d') && other->complete()));
  CHECK_FALSE(other->take('d'));
}

TEST_CASE("the whole numbers between two, as they are usually written") {
  for (std::int64_t low = -123; low <= 123; low += 11) {
    for (std::int64_t extra = 0; extra <= 1500; extra = extra * 2 + 3) {
      const std::int64_t high = low + extra;
      std::set<std::string> expected;
      for (std::int64_t i = low; i <= high; ++i) expected.insert(std::to_string(i));
      INFO(low << " to " << high);
      CHECK(all_texts(*paa::integer_between(low, high)) == expected);
    }
  }
  CHECK(refusal([] { paa::integer_between(2, 1); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("whole numbers to the ends of 64 bits") {
  const auto all = paa::integer_between(kLowest, kHighest);
  CHECK(accepts(*all, "9223372036854775807"));
  CHECK(accepts(*all, "-9223372036854775808"));
  CHECK(accepts(*all, "0"));
  for (const auto text :
       {"9223372036854775808", "-9223372036854775809", "92233720368547758070", "-0", "+1", "01", " 1"}) {
    INFO(text);
    CHECK_FALSE(begins(*all, text));
  }
  CHECK(all_texts(*paa::integer_between(kLowest, kLowest)) == std::set<std::string>{"-9223372036854775808"});
  CHECK(all_texts(*paa::integer_between(kHighest - 1, kHighest)) ==
        std::set<std::string>{"9223372036854775806", "9223372036854775807"});
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto a = random.near_anything(), b = random.near_anything();
    const auto [low, high] = std::minmax(a, b);
    const std::string text = write_at_random(*paa::integer_between(low, high), 20, random);
    const std::int64_t value = std::stoll(text);
    INFO(low << " to " << high << ": " << text);
    CHECK((low <= value && value <= high && std::to_string(value) == text));
  }
}

TEST_CASE("every kind of schema gives the JSON it should") {
  using Texts = std::set<std::string>;
  CHECK(all_texts(R"({"type": "boolean"})") == Texts{"true", "false"});
  CHECK(all_texts(R"({"type": "null", "title": "t", "description": "d", "$schema": "s"})") == Texts{"null"});
  CHECK(all_texts(R"({"enum": ["a", 1, 12, 1.5, -2, true, null, "a\n\"", 1]})") ==
        Texts{"\"a\"", "1", "12", "1.5", "-2", "true", "null", R"("a\n\"")"});
  CHECK(all_texts(R"({"type": "integer", "enum": ["a", 1, 2.0, 2.5]})") == Texts{"1", "2.0"});
  CHECK(all_texts(R"({"type": "string", "const": "x"})") == Texts{"\"x\""});
  CHECK(all_texts(R"({"type": "integer", "minimum": -1.5, "maximum": 1})") == Texts{"-1", "0", "1"});
  CHECK(all_texts(R"({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 12}, {"const": 12.5}, {"type": "null"}]})")
            .size() == 15);
  CHECK(all_texts(R"({"type": "object"})") == Texts{"{}"});
  CHECK(all_texts(R"({"type": "array", "items": {"const": 1}, "maxItems": 0})") == Texts{"[]"});
  CHECK(all_texts(R"({"type": "array", "items": {"enum": [1, 11]}, "minItems": 1, "maxItems": 2})") ==
        Texts{"[1]", "[11]", "[1,1]", "[1,11]", "[11,1]", "[11,11]"});
  CHECK(all_texts(R"({"type": "array", "items": {"const": 1}})").size() == 17);
}

TEST_CASE("an object's keys come in order, those not required may be left out") {
  CHECK(all_texts(R"({"type": "object", "required": ["b"], "additionalProperties": false,
                      "properties": {"c": {"const": 3}, "b": {"const": 2}, "a": {"const": 1}}})") ==
        std::set<std::string>{R"({"b":2})", R"({"a":1,"b":2})", R"({"b":2,"c":3})", R"({"a":1,"b":2,"c":3})"});
  // Keys whose escapes sort otherwise than they do, and keys that begin others.
  const Json schema = {{"type", "object"},
                       {"properties",
                        {{"a\"", {{"const", 1}}},
                         {"aX", {{"const", 2}}},
                         {"a\\", {{"const", 3}}},
                         {"a", {{"const", 4}}},
                         {"ab", {{"const", 5}}},
                         {"", {{"const", 6}}}}}};
  const auto texts = all_texts(*paa::json_of(schema));
  CHECK(texts.size() == 64);
  for (const auto& text : texts) CHECK(paa::to_text(paa::parse_json(text, "text")) == text);
}

TEST_CASE("numbers with a fraction keep their bounds exactly") {
  const auto texts = all_texts(R"({"type": "number", "minimum": -0.000012, "maximum": 0.000003})");
  // Twelve below zero, of which one can do without its last zero; seven ways to write zero; three above it.
  CHECK(texts.contains("-0.00001"));
  CHECK(texts.contains("-0.000012"));
  CHECK(texts.contains("0.000003"));
  CHECK(texts.size() == 13 + 7 + 3);
  // The double next to 0.1 lies above it, yet the text reads as that very double.
  CHECK(accepts(Json{{"type", "number"}, {"minimum", 0.1}, {"maximum", 0.3}}, "0.1"));
  CHECK(accepts(Json{{"type", "number"}, {"minimum", 0.1}, {"maximum", 0.3}}, "0.3"));
  const Json schema = {{"type", "number"}};
  for (const auto text : {"0", "-0.5", "12.250000", "1000000000", "-1000000000.0", "999999999.999999"}) {
    INFO(text);
    CHECK(accepts(schema, text));
  }
  for (const auto text : {"-0", "-0.0", "1.", ".5", "01", "1e5", "1.0000000", "1000000000.000001", "1000000001", ""}) {
    INFO(text);
    CHECK_FALSE(accepts(schema, text));
  }
  CHECK_FALSE(begins(*paa::json_of({{"type", "number"}, {"minimum", 0}}), "-"));
  CHECK_FALSE(begins(*paa::json_of({{"type", "number"}, {"minimum", 2.5}, {"maximum", 2.75}}), "2.8"));
}

TEST_CASE("a number's random texts keep random bounds") {
  Random random(2);
  for (int i = 0; i < 3000; ++i) {
    const double scale = std::pow(10, random.between(-5, 9));
    const double low = random.real(-scale, scale);
    const double high = random.chance(0.5) ? random.real(low, scale) : low + random.real(1e-6, 1e-5);
    if (high - low < 1e-6) continue;
    const auto constraint = paa::json_of({{"type", "number"}, {"minimum", low}, {"maximum", high}});
    const auto text = write_at_random(*constraint, 18, random);
    const double value = paa::parse_json(text, "text").get<double>();
    INFO(text << " from " << Json(low) << " to " << Json(high));
    CHECK((low <= value && value <= high));
  }
}

TEST_CASE("strings are exactly those that the parser reads, of the right length") {
  constexpr std::string_view kPieces[] = {
      "a",    " ",        "\\",   "\"",   "n",    "/",    "u",    "\\u",  "\\ud83d", "\\uDE00",  "\\u00e9",
      "D",    "d",        "0",    "9",    "F",    "\n",   "\x7F", "\xC3", "\xA9",    "\xF0\x9F", "\x98\x80",
      "\xED", "\xE2\x82", "\xAC", "\x80", "\xC0", "\xF4", "\\n",  "\\\"", "\\b",     "\xBF"};
  const Json schema = {{"type", "string"}, {"minLength", 1}, {"maxLength", 4}};
  const auto constraint = paa::json_of(schema);
  Random random(3);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = "\"";
    for (auto pieces = random.below(6); pieces > 0; --pieces) text += kPieces[random.below(std::size(kPieces))];
    text += '"';
    const Json value = Json::parse(text, nullptr, false);
    const bool valid = !value.is_discarded() && follows(value, schema);
    accepted += valid ? 1 : 0;
    if (accepts(*constraint, text) != valid) FAIL("wrong about " << paa::to_text(text));
  }
  CHECK(accepted > 500);
  CHECK(accepts(schema, R"("\ud83d\uDE00\u00e9\\\/")"));
  CHECK_FALSE(begins(*constraint, R"("\ud83dx)"));
  CHECK_FALSE(begins(*constraint, R"("\udc)"));
  CHECK_FALSE(begins(*constraint, R"("\ud83d\ue)"));
  CHECK_FALSE(begins(*constraint, R"("")"));
  CHECK_FALSE(begins(*constraint, "\"12345"));
  CHECK(accepts(Json{{"type", "string"}}, '"' + std::string(200, 'x') + '"'));
  CHECK_FALSE(begins(*paa::json_of({{"type", "string"}}), '"' + std::string(201, 'x')));
}

TEST_CASE("random texts of random schemas never get stuck, end, and follow the schema") {
  Random random(4);
  for (int i = 0; i < 4000; ++i) {
    const Json schema = random_schema(random, 3);
    const std::string text = write_at_random(*paa::json_of(schema), longest_text(schema), random);
    INFO(schema << "\n" << text);
    CHECK(follows(paa::parse_json(text, "text"), schema));
  }
}

TEST_CASE("random values of random schemas are accepted") {
  Random random(5);
  for (int i = 0; i < 4000; ++i) {
    const Json schema = random_schema(random, 3);
    const Json value = random_value(schema, random);
    INFO(schema << "\n" << value);
    REQUIRE(follows(value, schema));
    CHECK(accepts(schema, paa::to_text(value)));
  }
}

TEST_CASE("states side by side stay few, however long the text") {
  const Json item = Json::parse(R"({"anyOf": [{"type": "array", "items": {"anyOf": [{"type": "string"}, {"const": "a"},
      {"type": "string", "maxLength": 9}]}, "maxItems": 400}, {"type": "array", "items": {"type": "string"},
      "maxItems": 300}]})");
  const auto constraint = paa::json_of({{"type", "array"}, {"items", item}, {"maxItems", 400}});
  std::string inner = "[\"a\"";
  for (int i = 0; i < 200; ++i) inner += ",\"a\"";
  inner += "]";
  std::string text = "[" + inner;
  for (int i = 0; i < 50; ++i) text += "," + inner;
  CHECK(accepts(*constraint, text + "]"));
}

TEST_CASE("what a schema cannot mean is refused, with the place") {
  for (const auto& [schema, place] : {
           std::pair{R"({"type": "array", "items": {"const": 1}, "minItems": 3, "maxItems": 2})", "$"},
           {R"({"type": "array", "items": {"const": 1}, "minItems": 17})", "$"},
           {R"({"type": "string", "minLength": 3, "maxLength": 2})", "$"},
           {R"({"type": "integer", "minimum": 3, "maximum": 2})", "$"},
           {R"({"type": "integer", "minimum": 0.2, "maximum": 0.8})", "$"},
           {R"({"type": "integer", "minimum": 5000000000})", "$"},
           {R"({"type": "number", "minimum": 0.2, "maximum": 0.1})", "$"},
           {R"({"type": "number", "minimum": 1e-8, "maximum": 2e-8})", "$"},
           {R"({"enum": []})", "$.enum"},
           {R"({"enum": 1})", "$.enum"},
           {R"({"type": "string", "enum": [1, 2]})", "$.enum"},
           {R"({"type": "string", "const": 1})", "$.const"},
           {R"({"anyOf": []})", "$.anyOf"},
           {R"({"type": "object", "required": ["a"]})", "$.required"},
           {R"({"type": "object", "required": [1]})", "$.required"},
           {R"({"type": "object", "required": true})", "$.required"},
           {R"({"type": "object", "properties": []})", "$.properties"},
           {R"({"type": "string", "minLength": -1})", "$.minLength"},
           {R"({"type": "string", "maxLength": 1.5})", "$.maxLength"},
           {R"({"type": "integer", "minimum": "1"})", "$.minimum"},
           {R"({"type": "object", "properties": {"x": {"anyOf": [{"type": "null"}, {"enum": []}]}}})",
            "$.properties.x.anyOf[1].enum"},
       }) {
    check_refused(schema, ErrorCode::kInvalidArgument, place);
  }
  CHECK(schema_refusal({{"const", std::numeric_limits<double>::infinity()}}).code == ErrorCode::kInvalidArgument);
  CHECK(schema_refusal({{"const", "\xFF"}}).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("what a schema may mean but is not supported is refused, with the place") {
  for (const auto& [schema, place] : {
           std::pair{R"(true)", "$"},
           {R"({})", "$"},
           {R"({"type": "array"})", "$"},
           {R"({"type": "date"})", "$.type"},
           {R"({"type": ["string", "null"]})", "$.type"},
           {R"({"$ref": "#/x"})", "$.$ref"},
           {R"({"type": "object", "properties": {"x": {"type": "string", "pattern": "a"}}})", "$.properties.x.pattern"},
           {R"({"type": "array", "items": {"const": 1}, "uniqueItems": true})", "$.uniqueItems"},
           {R"({"type": "array", "items": {"type": "null", "minimum": 1}})", "$.items.minimum"},
           {R"({"type": "integer", "minLength": 1})", "$.minLength"},
           {R"({"type": "object", "additionalProperties": true})", "$.additionalProperties"},
           {R"({"type": "string", "enum": ["a"], "maxLength": 1})", "$.maxLength"},
           {R"({"type": "string", "anyOf": [{"const": 1}]})", "$.type"},
           {R"({"enum": [1], "const": 1})", "$.const"},
           {R"({"enum": [1, [2]]})", "$.enum[1]"},
           {R"({"const": {}})", "$.const"},
           {R"({"type": "integer", "maximum": 18446744073709551615})", "$.maximum"},
           {R"({"type": "integer", "minimum": -1e30})", "$.minimum"},
           {R"({"type": "number", "maximum": 1e10})", "$.maximum"},
       }) {
    check_refused(schema, ErrorCode::kUnsupported, place);
  }
}

TEST_CASE("nesting and lengths have limits, and what is just within them is read") {
  CHECK(accepts(nested_arrays(16), std::string(16, '[') + "null" + std::string(16, ']')));
  CHECK(schema_refusal(nested_arrays(17)).code == ErrorCode::kLimitExceeded);
  CHECK_NOTHROW(paa::json_of({{"type", "string"}, {"maxLength", 1000000}}));
  check_refused(R"({"type": "string", "maxLength": 1000001})", ErrorCode::kLimitExceeded, "$.maxLength");
}
