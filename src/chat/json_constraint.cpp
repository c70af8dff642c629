#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json_rules.h"
#include "paa/chat/text_constraint.h"
#include "paa/core/error.h"
#include "paa/text/utf8.h"

namespace paa {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::int64_t kMaxLength = 1'000'000;
constexpr std::int64_t kDefaultBound = 1'000'000'000;
constexpr int kFractionDigits = 6;
constexpr double kFractionUnits = 1e6;
// In units of the last digit still below 2^53, so that the division below rounds as reading the text does.
constexpr double kMaxNumber = 9e9;

[[noreturn]] void fail(ErrorCode code, const std::string& path, const std::string& what) {
  throw Error(code, replace_invalid_utf8(fmt::format("JSON schema: {}: {}", path, what)));
}

[[noreturn]] void fail_value(const std::string& path, const std::string& what) {
  fail(ErrorCode::kInvalidArgument, path, what);
}

// The lowest n for which n / 10^6, as a double, is not below the bound.
std::int64_t first_at_least(double bound) {
  // The product may be rounded up, by a few units at most.
  auto n = static_cast<std::int64_t>(std::floor(bound * kFractionUnits)) - 16;
  while (static_cast<double>(n) / kFractionUnits < bound) ++n;
  return n;
}

bool is_type(const std::string& name) {
  static constexpr std::string_view kTypes[] = {"object", "array", "string", "integer", "number", "boolean", "null"};
  return std::find(std::begin(kTypes), std::end(kTypes), name) != std::end(kTypes);
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type != "integer") return false;
  return value.is_number_integer() || (value.is_number_float() && std::floor(value.get<double>()) == value);
}

// One schema (not those within it): its keywords, with errors that name them.
class Keywords {
 public:
  Keywords(const Json& schema, std::string path) : schema_(schema), path_(std::move(path)) {
    if (!schema.is_object()) fail(ErrorCode::kUnsupported, path_, "a schema must be an object");
  }

  const std::string& path() const { return path_; }
  std::string path_of(const std::string& key) const { return path_ + "." + key; }

  const Json* find(const std::string& key) const {
    const auto found = schema_.find(key);
    return found == schema_.end() ? nullptr : &*found;
  }

  const Json* find_array(const std::string& key) const {
    const Json* value = find(key);
    if (value != nullptr && !value->is_array()) fail_value(path_of(key), "must be an array");
    return value;
  }

  // Empty where there is none.
  std::string type() const {
    const Json* value = find("type");
    if (value == nullptr) return "";
    if (!value->is_string() || !is_type(value->get<std::string>())) {
      fail(ErrorCode::kUnsupported, path_of("type"),
           "must be one of object, array, string, integer, number, boolean and null; for several types use anyOf");
    }
    return value->get<std::string>();
  }

  void refuse_all_but(std::initializer_list<std::string_view> known) const {
    static const std::set<std::string, std::less<>> kIgnored = {"title", "description", "$schema"};
    for (const auto& [key, value] : schema_.items()) {
      if (kIgnored.contains(key) || std::find(known.begin(), known.end(), key) != known.end()) continue;
      fail(ErrorCode::kUnsupported, path_of(key),
           fmt::format("this keyword is not supported here; those that are: {}", fmt::join(known, ", ")));
    }
  }

  std::uint32_t length(const std::string& key, std::uint32_t fallback) const {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    if (!value->is_number_integer() || *value < 0) fail_value(path_of(key), "must be a whole number, 0 or above");
    if (*value > kMaxLength) {
      fail(ErrorCode::kLimitExceeded, path_of(key), fmt::format("is above the limit of {}", kMaxLength));
    }
    return value->get<std::uint32_t>();
  }

  double number(const std::string& key, double fallback) const {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    const double bound = finite_number(*value, key);
    if (std::abs(bound) > kMaxNumber) {
      fail(ErrorCode::kUnsupported, path_of(key),
           fmt::format("lies beyond the {:.0f} that a number here may have; give a closer bound, or use integer",
                       kMaxNumber));
    }
    return bound;
  }

  // A bound with a fraction is rounded inwards: up where it is the lowest, else down.
  std::int64_t integer(const std::string& key, std::int64_t fallback, bool lowest) const {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    const double bound = finite_number(*value, key);
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    const bool too_large = value->is_number_unsigned() && value->get<std::uint64_t>() > kMost;
    if (too_large || (value->is_number_float() && std::abs(bound) > 9e18)) {
      fail(ErrorCode::kUnsupported, path_of(key), "lies beyond 64-bit integers; give a closer bound");
    }
    if (value->is_number_integer()) return value->get<std::int64_t>();
    return static_cast<std::int64_t>(lowest ? std::ceil(bound) : std::floor(bound));
  }

  template <class Value>
  void check_order(const char* low_key, Value low, const char* high_key, Value high) const {
    if (low <= high) return;
    fail_value(path_, fmt::format("{} is {}, above {}, which is {}{}; no value follows this", low_key, low, high_key,
                                  high, find(high_key) == nullptr ? " by default" : ""));
  }

 private:
  double finite_number(const Json& value, const std::string& key) const {
    if (!value.is_number() || !std::isfinite(value.get<double>())) fail_value(path_of(key), "must be a number");
    return value.get<double>();
  }

  const Json& schema_;
  std::string path_;
};

std::string text_of_scalar(const Json& value, const std::string& path) {
  if (value.is_structured()) {
    fail(ErrorCode::kUnsupported, path, "only strings, numbers, true, false and null are supported here");
  }
  const bool has_text = !value.is_binary() && !value.is_discarded() &&
                        (!value.is_number_float() || std::isfinite(value.get<double>())) &&
                        (!value.is_string() || is_utf8(value.get_ref<const std::string&>()));
  if (!has_text) fail_value(path, "has no JSON text: not UTF-8, or not a finite number");
  return to_text(value);
}

// Turns a schema into rules. Every rule it makes has a value that follows it.
class SchemaReader {
 public:
  explicit SchemaReader(JsonGrammar& grammar) : grammar_(grammar) {}

  JsonAlternatives read(const Json& schema, const std::string& path, int depth) {
    const Keywords keywords(schema, path);
    if (keywords.find("enum") != nullptr) return read_enum(keywords);
    if (keywords.find("const") != nullptr) return read_const(keywords);
    if (keywords.find("anyOf") != nullptr) return read_any_of(keywords, depth);
    const std::string type = keywords.type();
    if (type == "object") return read_object(keywords, depth);
    if (type == "array") return read_array(keywords, depth);
    if (type == "string") return read_string(keywords);
    if (type == "integer") return read_integer(keywords);
    if (type == "number") return read_number(keywords);
    keywords.refuse_all_but({"type", "enum", "const", "anyOf"});
    if (type == "boolean") return choice({"false", "true"});
    if (type == "null") return choice({"null"});
    fail(ErrorCode::kUnsupported, path, "says nothing of the value; add type, enum, const or anyOf");
  }

 private:
  template <class Rule, class... Arguments>
  JsonAlternatives rule(Arguments&&... arguments) {
    grammar_.rules.push_back(std::make_unique<const Rule>(std::forward<Arguments>(arguments)...));
    return {grammar_.rules.back().get()};
  }

  JsonAlternatives choice(std::vector<std::string> texts) {
    return rule<JsonChoiceRule>(sorted_choices(std::move(texts)));
  }

  static void check_depth(const Keywords& keywords, int depth) {
    if (depth < kMaxDepth) return;
    fail(ErrorCode::kLimitExceeded, keywords.path(), fmt::format("is nested deeper than the limit of {}", kMaxDepth));
  }

  JsonAlternatives read_enum(const Keywords& keywords) {
    keywords.refuse_all_but({"type", "enum"});
    const std::string type = keywords.type();
    const std::string path = keywords.path_of("enum");
    std::vector<std::string> texts;
    std::size_t index = 0;
    for (const Json& value : *keywords.find_array("enum")) {
      std::string text = text_of_scalar(value, fmt::format("{}[{}]", path, index++));
      if (type.empty() || has_type(value, type)) texts.push_back(std::move(text));
    }
    if (index == 0) fail_value(path, "is empty; give at least one value");
    if (texts.empty()) fail_value(path, fmt::format("has no value of type {}", type));
    return choice(std::move(texts));
  }

  JsonAlternatives read_const(const Keywords& keywords) {
    keywords.refuse_all_but({"type", "const"});
    const std::string type = keywords.type();
    const std::string path = keywords.path_of("const");
    const Json& value = *keywords.find("const");
    std::string text = text_of_scalar(value, path);
    if (!type.empty() && !has_type(value, type)) fail_value(path, fmt::format("is not of type {}", type));
    return choice({std::move(text)});
  }

  JsonAlternatives read_any_of(const Keywords& keywords, int depth) {
    check_depth(keywords, depth);
    keywords.refuse_all_but({"anyOf"});
    JsonAlternatives all;
    std::size_t index = 0;
    for (const Json& schema : *keywords.find_array("anyOf")) {
      const auto some = read(schema, fmt::format("{}[{}]", keywords.path_of("anyOf"), index++), depth + 1);
      all.insert(all.end(), some.begin(), some.end());
    }
    if (all.empty()) fail_value(keywords.path_of("anyOf"), "is empty; give at least one schema");
    return all;
  }

  JsonAlternatives read_object(const Keywords& keywords, int depth) {
    check_depth(keywords, depth);
    keywords.refuse_all_but({"type", "properties", "required", "additionalProperties"});
    const Json* additional = keywords.find("additionalProperties");
    if (additional != nullptr && *additional != false) {
      fail(ErrorCode::kUnsupported, keywords.path_of("additionalProperties"), "only false is supported");
    }
    std::set<std::string> required = read_required(keywords);
    std::vector<JsonProperty> properties;
    if (const Json* schemas = keywords.find("properties")) {
      const std::string path = keywords.path_of("properties");
      if (!schemas->is_object()) fail_value(path, "must be an object");
      for (const auto& [key, schema] : schemas->items()) {
        const std::string text = text_of_scalar(key, path);
        properties.push_back({text + ":", read(schema, path + "." + key, depth + 1), required.erase(key) > 0});
      }
    }
    if (!required.empty()) {
      fail_value(keywords.path_of("required"),
                 fmt::format("names {}, which properties lacks", to_text(*required.begin())));
    }
    return rule<JsonObjectRule>(std::move(properties));
  }

  static std::set<std::string> read_required(const Keywords& keywords) {
    std::set<std::string> required;
    const Json* keys = keywords.find_array("required");
    if (keys == nullptr) return required;
    for (const Json& key : *keys) {
      if (!key.is_string()) fail_value(keywords.path_of("required"), "must be an array of strings");
      required.insert(key.get<std::string>());
    }
    return required;
  }

  JsonAlternatives read_array(const Keywords& keywords, int depth) {
    check_depth(keywords, depth);
    keywords.refuse_all_but({"type", "items", "minItems", "maxItems"});
    const std::uint32_t min = keywords.length("minItems", 0);
    const std::uint32_t max = keywords.length("maxItems", 16);
    keywords.check_order("minItems", min, "maxItems", max);
    const Json* schema = keywords.find("items");
    if (schema == nullptr) fail(ErrorCode::kUnsupported, keywords.path(), "an array needs items, which is missing");
    JsonAlternatives items = read(*schema, keywords.path_of("items"), depth + 1);
    JsonAlternatives all;
    if (min == 0) all = choice({"[]"});
    if (max > 0) {
      const auto filled = rule<JsonArrayRule>(std::move(items), std::max(min, std::uint32_t{1}), max);
      all.insert(all.end(), filled.begin(), filled.end());
    }
    return all;
  }

  JsonAlternatives read_string(const Keywords& keywords) {
    keywords.refuse_all_but({"type", "minLength", "maxLength"});
    const JsonStringLength length{keywords.length("minLength", 0), keywords.length("maxLength", 200)};
    keywords.check_order("minLength", length.min, "maxLength", length.max);
    return rule<JsonStringRule>(length);
  }

  JsonAlternatives read_integer(const Keywords& keywords) {
    keywords.refuse_all_but({"type", "minimum", "maximum"});
    const DecimalRange range{keywords.integer("minimum", -kDefaultBound, true),
                             keywords.integer("maximum", kDefaultBound, false), 0};
    keywords.check_order("minimum", range.low, "maximum", range.high);
    return rule<JsonNumberRule>(range);
  }

  JsonAlternatives read_number(const Keywords& keywords) {
    keywords.refuse_all_but({"type", "minimum", "maximum"});
    const double low = keywords.number("minimum", static_cast<double>(-kDefaultBound));
    const double high = keywords.number("maximum", static_cast<double>(kDefaultBound));
    keywords.check_order("minimum", low, "maximum", high);
    const DecimalRange range{first_at_least(low), -first_at_least(-high), kFractionDigits};
    if (range.low > range.high) {
      fail_value(keywords.path(), fmt::format("no number of at most {} digits after the point lies from {} to {}",
                                              kFractionDigits, low, high));
    }
    return rule<JsonNumberRule>(range);
  }

  JsonGrammar& grammar_;
};

// The values that have been begun, the outermost first.
using Stack = std::vector<JsonFrame>;

void add_new(Stack stack, std::vector<Stack>& stacks) {
  if (std::find(stacks.begin(), stacks.end(), stack) == stacks.end()) stacks.push_back(std::move(stack));
}

void add_opened(const Stack& stack, const JsonAlternatives& values, std::vector<Stack>& stacks) {
  for (const JsonRule* rule : values) {
    Stack opened = stack;
    opened.push_back(rule->start());
    add_new(std::move(opened), stacks);
  }
}

// Adds what `stack` becomes by the byte, if it can take it.
void advance(const Stack& stack, char byte, std::vector<Stack>& stacks) {
  for (std::size_t size = stack.size(); size > 0; --size) {
    JsonFrame top = stack[size - 1];
    const JsonAlternatives* opened = nullptr;
    if (top.rule->take(top, byte, opened)) {
      Stack taken(stack.begin(), stack.begin() + static_cast<std::ptrdiff_t>(size) - 1);
      taken.push_back(top);
      if (opened != nullptr) return add_opened(taken, *opened, stacks);
      return add_new(std::move(taken), stacks);
    }
    // Only the byte after a number tells that it is whole, and so every value is left by the byte after it.
    if (!top.rule->complete(top)) return;
  }
}

// Every way to read the bytes taken, side by side. There is at most one for each rule, however long the text: the
// place in the text says how far each value around it has come.
class JsonConstraint final : public TextConstraint {
 public:
  explicit JsonConstraint(std::shared_ptr<const JsonGrammar> grammar) : grammar_(std::move(grammar)) {
    add_opened({}, grammar_->root, stacks_);
  }

  std::unique_ptr<TextConstraint> clone() const override { return std::make_unique<JsonConstraint>(*this); }

  bool take(char byte) override {
    // Within a value there is mostly one way, which needs no copies.
    if (stacks_.size() == 1) {
      JsonFrame& top = stacks_.front().back();
      const JsonAlternatives* opened = nullptr;
      if (top.rule->take(top, byte, opened)) {
        if (opened != nullptr) open(*opened);
        return true;
      }
      if (!top.rule->complete(top)) return false;
    }
    std::vector<Stack> next;
    for (const Stack& stack : stacks_) advance(stack, byte, next);
    if (next.empty()) return false;
    stacks_ = std::move(next);
    return true;
  }

  bool complete() const override {
    return std::any_of(stacks_.begin(), stacks_.end(), [](const Stack& stack) {
      return stack.size() == 1 && stack.front().rule->complete(stack.front());
    });
  }

 private:
  void open(const JsonAlternatives& values) {
    std::vector<Stack> next;
    add_opened(stacks_.front(), values, next);
    stacks_ = std::move(next);
  }

  std::shared_ptr<const JsonGrammar> grammar_;
  std::vector<Stack> stacks_;
};

}  // namespace

std::unique_ptr<TextConstraint> json_of(const Json& schema) {
  auto grammar = std::make_shared<JsonGrammar>();
  grammar->root = SchemaReader(*grammar).read(schema, "$", 0);
  return std::make_unique<JsonConstraint>(std::move(grammar));
}

}  // namespace paa
