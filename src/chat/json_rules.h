#pragma once
// What one value of a JSON text may be: the rules that a schema becomes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "choice_cursor.h"
#include "decimal_cursor.h"
#include "json_string_cursor.h"

namespace paa {

class JsonRule;

/// A value follows one of these.
using JsonAlternatives = std::vector<const JsonRule*>;

struct JsonObjectCursor {
  enum class Place : std::uint8_t { kBefore, kFirst, kKey, kAfterValue, kAfter };
  Place place = Place::kBefore;
  std::uint32_t property = 0;  // the first one that may come; within a key, the first one that begins as it does
  std::uint32_t taken = 0;     // bytes of its key
  bool operator==(const JsonObjectCursor&) const = default;
};

struct JsonArrayCursor {
  enum class Place : std::uint8_t { kBefore, kAfterItem, kAfter };
  Place place = Place::kBefore;
  std::uint32_t items = 0;  // begun
  bool operator==(const JsonArrayCursor&) const = default;
};

/// A value that has been begun. Small, because every step of a search copies some.
struct JsonFrame {
  const JsonRule* rule;
  std::variant<ChoiceCursor, DecimalCursor, JsonStringCursor, JsonObjectCursor, JsonArrayCursor> cursor;
  bool operator==(const JsonFrame&) const = default;
};

/// Immutable; const access is thread-safe.
class JsonRule {
 public:
  virtual ~JsonRule() = default;
  virtual JsonFrame start() const = 0;
  /// Whether a value goes on with the byte; if not, the frame is as it was. Where a value within this one begins next,
  /// `opened` is set to what it may be; that value is whole before this frame gets another byte.
  virtual bool take(JsonFrame& frame, char byte, const JsonAlternatives*& opened) const = 0;
  virtual bool complete(const JsonFrame& frame) const = 0;
};

class JsonChoiceRule final : public JsonRule {
 public:
  explicit JsonChoiceRule(SortedChoices choices) : choices_(std::move(choices)) {}

  JsonFrame start() const override { return {this, ChoiceCursor(choices_)}; }
  bool take(JsonFrame& frame, char byte, const JsonAlternatives*&) const override {
    return std::get<ChoiceCursor>(frame.cursor).take(choices_, byte);
  }
  bool complete(const JsonFrame& frame) const override {
    return std::get<ChoiceCursor>(frame.cursor).complete(choices_);
  }

 private:
  SortedChoices choices_;
};

class JsonNumberRule final : public JsonRule {
 public:
  explicit JsonNumberRule(DecimalRange range) : range_(range) {}

  JsonFrame start() const override { return {this, DecimalCursor()}; }
  bool take(JsonFrame& frame, char byte, const JsonAlternatives*&) const override {
    return std::get<DecimalCursor>(frame.cursor).take(range_, byte);
  }
  bool complete(const JsonFrame& frame) const override {
    return std::get<DecimalCursor>(frame.cursor).complete(range_);
  }

 private:
  DecimalRange range_;
};

class JsonStringRule final : public JsonRule {
 public:
  explicit JsonStringRule(JsonStringLength length) : length_(length) {}

  JsonFrame start() const override { return {this, JsonStringCursor()}; }
  bool take(JsonFrame& frame, char byte, const JsonAlternatives*&) const override {
    return std::get<JsonStringCursor>(frame.cursor).take(length_, byte);
  }
  bool complete(const JsonFrame& frame) const override { return std::get<JsonStringCursor>(frame.cursor).complete(); }

 private:
  JsonStringLength length_;
};

struct JsonProperty {
  std::string key;  ///< as it is written: "name":
  JsonAlternatives values;
  bool required = false;
};

class JsonObjectRule final : public JsonRule {
 public:
  /// The properties come in this order.
  explicit JsonObjectRule(std::vector<JsonProperty> properties)
      : properties_(std::move(properties)), next_required_(properties_.size() + 1, properties_.size()) {
    for (std::size_t i = properties_.size(); i-- > 0;) {
      next_required_[i] = properties_[i].required ? i : next_required_[i + 1];
    }
  }

  JsonFrame start() const override { return {this, JsonObjectCursor()}; }

  bool take(JsonFrame& frame, char byte, const JsonAlternatives*& opened) const override {
    auto& cursor = std::get<JsonObjectCursor>(frame.cursor);
    using Place = JsonObjectCursor::Place;
    switch (cursor.place) {
      case Place::kBefore:
        if (byte != '{') return false;
        cursor.place = Place::kFirst;
        return true;
      case Place::kFirst: return byte == '}' ? close(cursor) : take_key(cursor, byte, opened);
      case Place::kKey: return take_key(cursor, byte, opened);
      case Place::kAfterValue:
        if (byte == '}') return close(cursor);
        if (byte != ',' || cursor.property == properties_.size()) return false;
        cursor.place = Place::kKey;
        return true;
      case Place::kAfter: return false;
    }
    return false;
  }

  bool complete(const JsonFrame& frame) const override {
    return std::get<JsonObjectCursor>(frame.cursor).place == JsonObjectCursor::Place::kAfter;
  }

 private:
  bool close(JsonObjectCursor& cursor) const {
    if (next_required_[cursor.property] != properties_.size()) return false;
    cursor.place = JsonObjectCursor::Place::kAfter;
    return true;
  }

  bool take_key(JsonObjectCursor& cursor, char byte, const JsonAlternatives*& opened) const {
    const std::size_t end = std::min(properties_.size(), next_required_[cursor.property] + 1);
    for (std::size_t i = cursor.property; i < end; ++i) {
      if (!goes_on(cursor, properties_[i].key, byte)) continue;
      cursor = {JsonObjectCursor::Place::kKey, static_cast<std::uint32_t>(i), cursor.taken + 1};
      if (cursor.taken == properties_[i].key.size()) {
        opened = &properties_[i].values;
        cursor = {JsonObjectCursor::Place::kAfterValue, static_cast<std::uint32_t>(i + 1), 0};
      }
      return true;
    }
    return false;
  }

  // No search in sorted keys: escapes may put them into another order than that of the properties.
  bool goes_on(const JsonObjectCursor& cursor, const std::string& key, char byte) const {
    if (cursor.taken >= key.size() || key[cursor.taken] != byte) return false;
    return cursor.taken == 0 || key.compare(0, cursor.taken, properties_[cursor.property].key, 0, cursor.taken) == 0;
  }

  std::vector<JsonProperty> properties_;
  std::vector<std::size_t> next_required_;  // for each property, and behind the last: the first required from there on
};

/// Arrays of at least one item; the empty one is a JsonChoiceRule's, so that a byte never has two meanings here.
class JsonArrayRule final : public JsonRule {
 public:
  JsonArrayRule(JsonAlternatives items, std::uint32_t min, std::uint32_t max)
      : items_(std::move(items)), min_(min), max_(max) {}

  JsonFrame start() const override { return {this, JsonArrayCursor()}; }

  bool take(JsonFrame& frame, char byte, const JsonAlternatives*& opened) const override {
    auto& cursor = std::get<JsonArrayCursor>(frame.cursor);
    using Place = JsonArrayCursor::Place;
    if (cursor.place == Place::kAfterItem && byte == ']' && cursor.items >= min_) {
      cursor.place = Place::kAfter;
      return true;
    }
    const bool begins_item = (cursor.place == Place::kBefore && byte == '[') ||
                             (cursor.place == Place::kAfterItem && byte == ',' && cursor.items < max_);
    if (!begins_item) return false;
    cursor = {Place::kAfterItem, cursor.items + 1};
    opened = &items_;
    return true;
  }

  bool complete(const JsonFrame& frame) const override {
    return std::get<JsonArrayCursor>(frame.cursor).place == JsonArrayCursor::Place::kAfter;
  }

 private:
  JsonAlternatives items_;
  std::uint32_t min_, max_;
};

/// The rules of one schema, which refer to each other.
struct JsonGrammar {
  std::vector<std::unique_ptr<const JsonRule>> rules;
  JsonAlternatives root;
};

}  // namespace paa
