#pragma once
// JSON in: parsed within limits, and read field by field with errors that name the file and the key.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "paa/core/error.h"

namespace paa {

/// A JSON value of any kind.
using Json = nlohmann::json;

/// What is refused before it costs memory or stack: length of the text in bytes, and nesting.
struct JsonLimits {
  std::uint64_t max_bytes = std::uint64_t{64} << 20;
  int max_depth = 64;
};

/// Parses one JSON text (RFC 8259, UTF-8). `origin` names the source in errors ("profile.json", "--profile").
/// Errors: kBadFormat with line and column, also for a repeated key and invalid UTF-8; kLimitExceeded.
Json parse_json(std::string_view text, std::string_view origin, const JsonLimits& limits = {});

/// Reads and parses a file. Errors: those of read_text_file and parse_json.
Json read_json(const std::filesystem::path& path, const JsonLimits& limits = {});

/// One line of JSON without spaces. Strings that are not UTF-8 get U+FFFD in place of each bad byte.
std::string to_text(const Json& value);

/// Reads one JSON object field by field; every error (kBadFormat) names the origin and the key's path. Refers to the
/// object, which must outlive it. Not thread-safe.
class JsonReader {
 public:
  /// Errors: kBadFormat if `value` is not an object.
  JsonReader(const Json& value, std::string origin);

  /// Whether the object has the key, be its value null.
  bool has(const std::string& key) const;

  /// The value of `key`, converted. T: bool, an integer, double, std::string, Json, or std::vector of these.
  /// Integers are checked for range and never cut from fractions. Error: kBadFormat if missing or of another type.
  template <class T>
  T get(const std::string& key) const;

  /// Same, but nothing where the key is absent or null.
  template <class T>
  std::optional<T> find(const std::string& key) const;

  /// Same as find(), but `fallback` where the key is absent or null.
  template <class T>
  T get_or(const std::string& key, T fallback) const {
    auto value = find<T>(key);
    return value ? std::move(*value) : std::move(fallback);
  }

  /// The object under `key`. Error: kBadFormat if missing or not an object.
  JsonReader object(const std::string& key) const;

  /// Error (kBadFormat) naming every key that nobody has asked for by has, get, find or object, and those one may use.
  void refuse_unknown() const;

  /// Throws Error(kBadFormat, "ORIGIN: KEY: what").
  [[noreturn]] void fail(const std::string& key, const std::string& what) const;

 private:
  const Json* look(const std::string& key) const;
  void convert(const Json& from, const std::string& key, bool& to) const;
  void convert(const Json& from, const std::string& key, std::int64_t& to) const;
  void convert(const Json& from, const std::string& key, std::uint64_t& to) const;
  void convert(const Json& from, const std::string& key, int& to) const;
  void convert(const Json& from, const std::string& key, double& to) const;
  void convert(const Json& from, const std::string& key, std::string& to) const;
  void convert(const Json& from, const std::string&, Json& to) const { to = from; }
  template <class T>
  void convert(const Json& from, const std::string& key, std::vector<T>& to) const;

  const Json& value_;
  std::string origin_;
  std::string prefix_;
  mutable std::set<std::string> asked_;
};

template <class T>
void JsonReader::convert(const Json& from, const std::string& key, std::vector<T>& to) const {
  if (!from.is_array()) fail(key, "must be an array");
  to.clear();
  for (std::size_t i = 0; i < from.size(); ++i) {
    T item;
    convert(from[i], key + "[" + std::to_string(i) + "]", item);
    to.push_back(std::move(item));
  }
}

template <class T>
T JsonReader::get(const std::string& key) const {
  const Json* value = look(key);
  if (value == nullptr) fail(key, "is missing");
  T result;
  convert(*value, key, result);
  return result;
}

template <class T>
std::optional<T> JsonReader::find(const std::string& key) const {
  const Json* value = look(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  T result;
  convert(*value, key, result);
  return result;
}

}  // namespace paa
