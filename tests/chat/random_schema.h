#pragma once
// Random schemas of the supported subset, values and texts of theirs, and a validator that shares nothing with the
// library.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "paa/chat/text_constraint.h"
#include "paa/core/json.h"

/// Not the standard's distributions: they differ from library to library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  bool chance(double probability) { return real(0, 1) < probability; }
  double real(double low, double high) { return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
  }
  /// Any 64 bits, or near a power of ten or an end of the range.
  std::int64_t near_anything() {
    if (chance(0.3)) return static_cast<std::int64_t>(engine_());
    if (chance(0.3)) return std::numeric_limits<std::int64_t>::min() + between(0, 20);
    if (chance(0.3)) return std::numeric_limits<std::int64_t>::max() - between(0, 20);
    std::int64_t power = 1;
    for (auto i = below(19); i > 0; --i) power *= 10;
    return (chance(0.5) ? -1 : 1) * power + between(-2, 2);
  }

 private:
  std::mt19937_64 engine_;
};

inline std::string random_text(std::size_t characters, Random& random) {
  static const std::vector<std::string> kCharacters = {
      "a", "b", "0", " ", "\"", "\\", "/", "\n", "\x01", "\x7F", "\u00e9", "\u20ac", "\U0001F600", "{", "]", ",", "\t"};
  std::string text;
  for (; characters > 0; --characters) text += kCharacters[random.below(kCharacters.size())];
  return text;
}

inline paa::Json random_scalar(Random& random) {
  switch (random.below(5)) {
    case 0: return random.between(-1000, 1000);
    case 1: return static_cast<double>(random.between(-1000, 1000)) / 8;
    case 2: return random.chance(0.5);
    case 3: return nullptr;
    default: return random_text(random.below(4), random);
  }
}

inline paa::Json random_schema(Random& random, int depth);

inline paa::Json random_object_schema(Random& random, int depth) {
  static const std::vector<std::string> kKeys = {"a", "ab",    "abc", "a\"",    "a\\", "aX",
                                                 "b", "title", "",    "\u00e9", "\n"};
  paa::Json schema = {{"type", "object"}, {"properties", paa::Json::object()}};
  if (random.chance(0.5)) schema["additionalProperties"] = false;
  for (auto count = random.below(5); count > 0; --count) {
    const std::string& key = kKeys[random.below(kKeys.size())];
    schema["properties"][key] = random_schema(random, depth - 1);
    if (random.chance(0.5)) schema["required"].push_back(key);
  }
  return schema;
}

inline paa::Json random_array_schema(Random& random, int depth) {
  paa::Json schema = {{"type", "array"}, {"items", random_schema(random, depth - 1)}};
  const auto min = random.between(0, 3);
  if (random.chance(0.5)) schema["minItems"] = min;
  if (random.chance(0.8)) schema["maxItems"] = min + random.between(0, 3);
  return schema;
}

inline paa::Json random_any_of(Random& random, int depth) {
  paa::Json schema;
  for (auto count = random.between(1, 4); count > 0; --count) {
    schema["anyOf"].push_back(random_schema(random, depth - 1));
  }
  return schema;
}

inline paa::Json random_enum(Random& random) {
  paa::Json schema;
  for (auto count = random.between(1, 6); count > 0; --count) schema["enum"].push_back(random_scalar(random));
  return schema;
}

inline paa::Json random_string_schema(Random& random) {
  paa::Json schema = {{"type", "string"}};
  const auto min = random.between(0, 4);
  if (random.chance(0.5)) schema["minLength"] = min;
  if (random.chance(0.95)) schema["maxLength"] = min + random.between(0, 4);
  return schema;
}

inline paa::Json random_number_schema(Random& random, const char* type) {
  paa::Json schema = {{"type", type}};
  const bool whole = schema["type"] == "integer";
  const auto low = random.between(-3000, 3000), high = low + random.between(0, random.chance(0.5) ? 5 : 5000);
  const auto bound = [&](std::int64_t n) { return whole ? paa::Json(n) : paa::Json(static_cast<double>(n) / 1000); };
  if (random.chance(0.7)) schema["minimum"] = bound(low);
  if (random.chance(0.7)) schema["maximum"] = bound(high);
  return schema;
}

inline paa::Json random_schema(Random& random, int depth) {
  switch (random.below(depth > 0 ? 12 : 7)) {
    case 0: return {{"type", "boolean"}};
    case 1: return {{"type", "null"}, {"title", "nothing"}};
    case 2: return random_enum(random);
    case 3: return {{"const", random_scalar(random)}};
    case 4: return random_string_schema(random);
    case 5: return random_number_schema(random, "integer");
    case 6: return random_number_schema(random, "number");
    case 7: return random_any_of(random, depth);
    case 8:
    case 9: return random_array_schema(random, depth);
    default: return random_object_schema(random, depth);
  }
}

inline paa::Json random_value(const paa::Json& schema, Random& random) {
  using paa::Json;
  constexpr std::int64_t kDefault = 1000000000;
  if (schema.contains("enum")) return schema["enum"][random.below(schema["enum"].size())];
  if (schema.contains("const")) return schema["const"];
  if (schema.contains("anyOf")) return random_value(schema["anyOf"][random.below(schema["anyOf"].size())], random);
  const auto type = schema["type"].get<std::string>();
  const auto count = [&](const char* min, const char* max, int most) {
    const int low = schema.value(min, 0);
    return static_cast<std::size_t>(random.between(low, schema.value(max, most)));
  };
  if (type == "string") return random_text(count("minLength", "maxLength", 200), random);
  if (type == "boolean") return random.chance(0.5);
  if (type == "null") return nullptr;
  if (type == "integer") return random.between(schema.value("minimum", -kDefault), schema.value("maximum", kDefault));
  if (type == "number") {
    const double low = schema.value("minimum", -1e9), high = schema.value("maximum", 1e9);
    // Eighths, because Json writes some numbers with more digits than they need, but none of these.
    const double value = std::round(random.real(low, high) * 8) / 8;
    return std::clamp(value, low, high) + 0.0;  // not -0.0
  }
  if (type == "array") {
    Json items = Json::array();
    for (auto left = count("minItems", "maxItems", 16); left > 0; --left) {
      items.push_back(random_value(schema["items"], random));
    }
    return items;
  }
  Json object = Json::object();
  const Json required = schema.value("required", Json::array());
  for (const auto& [key, property] : schema["properties"].items()) {
    const bool needed = std::find(required.begin(), required.end(), key) != required.end();
    if (needed || random.chance(0.5)) object[key] = random_value(property, random);
  }
  return object;
}

inline bool object_follows(const paa::Json& value, const paa::Json& schema);

/// Whether a value follows a schema of the subset.
inline bool follows(const paa::Json& value, const paa::Json& schema) {
  const auto count = [&](std::size_t size, const char* min, const char* max, std::size_t most) {
    return size >= schema.value(min, std::size_t{0}) && size <= schema.value(max, most);
  };
  if (schema.contains("enum")) return std::count(schema["enum"].begin(), schema["enum"].end(), value) > 0;
  if (schema.contains("const")) return value == schema["const"];
  if (schema.contains("anyOf")) {
    const auto fits = [&](const paa::Json& one) { return follows(value, one); };
    return std::any_of(schema["anyOf"].begin(), schema["anyOf"].end(), fits);
  }
  const auto type = schema["type"].get<std::string>();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "string") {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    const auto inner = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) == 0x80; });
    return count(text.size() - static_cast<std::size_t>(inner), "minLength", "maxLength", 200);
  }
  if (type == "array") {
    if (!value.is_array() || !count(value.size(), "minItems", "maxItems", 16)) return false;
    return std::all_of(value.begin(), value.end(),
                       [&](const paa::Json& item) { return follows(item, schema["items"]); });
  }
  if (type == "object") return value.is_object() && object_follows(value, schema);
  if (type == "integer" ? !value.is_number_integer() : !value.is_number()) return false;
  return value.get<double>() >= schema.value("minimum", -1e9) && value.get<double>() <= schema.value("maximum", 1e9);
}

inline bool object_follows(const paa::Json& value, const paa::Json& schema) {
  for (const paa::Json& key : schema.value("required", paa::Json::array())) {
    if (!value.contains(key.get<std::string>())) return false;
  }
  for (const auto& [key, item] : value.items()) {
    const auto property = schema["properties"].find(key);
    if (property == schema["properties"].end() || !follows(item, *property)) return false;
  }
  return true;
}

/// No text of the schema has more bytes.
inline std::size_t longest_text(const paa::Json& schema) {
  std::size_t longest = 24;
  if (schema.contains("enum")) {
    for (const auto& value : schema["enum"]) longest = std::max(longest, value.dump().size());
  } else if (schema.contains("const")) {
    longest = schema["const"].dump().size();
  } else if (schema.contains("anyOf")) {
    for (const auto& one : schema["anyOf"]) longest = std::max(longest, longest_text(one));
  } else if (schema["type"] == "string") {
    longest = 2 + 12 * schema.value("maxLength", std::size_t{200});
  } else if (schema["type"] == "array") {
    longest = 2 + (1 + longest_text(schema["items"])) * schema.value("maxItems", std::size_t{16});
  } else if (schema["type"] == "object") {
    longest = 2;
    for (const auto& [key, property] : schema["properties"].items()) {
      longest += paa::Json(key).dump().size() + 2 + longest_text(property);
    }
  }
  return longest;
}

/// Takes a random one of the bytes that fit; false where none does.
inline bool take_random_byte(paa::TextConstraint& constraint, std::string& text, Random& random) {
  const auto take = [&](std::size_t byte) {
    if (!constraint.take(static_cast<char>(byte))) return false;
    text += static_cast<char>(byte);
    return true;
  };
  // Where many bytes fit, a few tries find one; each is as likely as another either way.
  for (int i = 0; i < 20; ++i) {
    if (take(random.below(256))) return true;
  }
  std::vector<std::size_t> fitting;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (constraint.clone()->take(static_cast<char>(byte))) fitting.push_back(byte);
  }
  return !fitting.empty() && take(fitting[random.below(fitting.size())]);
}

/// What a model without sense writes under the constraint. Fails the test where it gets stuck or passes `longest`.
inline std::string write_at_random(paa::TextConstraint& constraint, std::size_t longest, Random& random) {
  std::string text;
  while (!constraint.complete() || random.chance(0.7)) {
    if (take_random_byte(constraint, text, random)) {
      if (text.size() > longest) FAIL("longer than " << longest << " bytes: " << text);
    } else if (constraint.complete()) {
      break;
    } else {
      FAIL("stuck after " << text);
    }
  }
  return text;
}
