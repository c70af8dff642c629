#include "paa/core/json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

#include "paa/core/file.h"

namespace paa {
namespace {

// nlohmann's message is "[json.exception.parse_error.101] parse error at line 1, column 2: ..."; the tag is no help,
// and what it quotes may be the very bytes that are not UTF-8.
std::string readable(std::string_view message) {
  const auto end = message.find("] ");
  const Json text = std::string(end == std::string_view::npos ? message : message.substr(end + 2));
  return Json::parse(to_text(text)).get<std::string>();
}

// Refuses what nlohmann accepts silently: nesting without bound and the same key twice.
class StrictCallback {
 public:
  StrictCallback(std::string_view origin, const JsonLimits& limits) : origin_(origin), limits_(limits) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        if (depth >= limits_.max_depth) {
          throw Error(ErrorCode::kLimitExceeded,
                      fmt::format("{}: JSON nested deeper than the limit of {}", origin_, limits_.max_depth));
        }
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        break;
      case Json::parse_event_t::object_end: keys_.pop_back(); break;
      case Json::parse_event_t::key:
        if (!keys_.back().insert(parsed.get<std::string>()).second) {
          throw Error(ErrorCode::kBadFormat,
                      fmt::format("{}: the key {} stands twice in one object", origin_, parsed.dump()));
        }
        break;
      default: break;
    }
    return true;
  }

 private:
  std::string_view origin_;
  const JsonLimits& limits_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view origin, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    throw Error(ErrorCode::kLimitExceeded, fmt::format("{}: has {} bytes of JSON, more than the limit of {}", origin,
                                                       text.size(), limits.max_bytes));
  }
  StrictCallback callback(origin, limits);
  try {
    return Json::parse(text, std::ref(callback));
  } catch (const Json::exception& e) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: not valid JSON: {}", origin, readable(e.what())));
  }
}

Json read_json(const std::filesystem::path& path, const JsonLimits& limits) {
  return parse_json(read_text_file(path, limits.max_bytes), path.string(), limits);
}

std::string to_text(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

JsonReader::JsonReader(const Json& value, std::string origin) : value_(value), origin_(std::move(origin)) {
  if (!value.is_object()) throw Error(ErrorCode::kBadFormat, fmt::format("{}: must be a JSON object", origin_));
}

const Json* JsonReader::look(const std::string& key) const {
  asked_.insert(key);
  const auto found = value_.find(key);
  return found == value_.end() ? nullptr : &*found;
}

bool JsonReader::has(const std::string& key) const { return look(key) != nullptr; }

JsonReader JsonReader::object(const std::string& key) const {
  const Json* value = look(key);
  if (value == nullptr) fail(key, "is missing");
  if (!value->is_object()) fail(key, "must be an object");
  JsonReader reader(*value, origin_);
  reader.prefix_ = prefix_ + key + ".";
  return reader;
}

void JsonReader::refuse_unknown() const {
  std::string unknown;
  for (const auto& [key, value] : value_.items()) {
    if (!asked_.contains(key)) unknown += (unknown.empty() ? "\"" : ", \"") + prefix_ + key + "\"";
  }
  if (unknown.empty()) return;
  std::string known;
  for (const auto& key : asked_) known += (known.empty() ? "" : ", ") + prefix_ + key;
  throw Error(ErrorCode::kBadFormat, fmt::format("{}: unknown field {}; the fields are {}", origin_, unknown, known));
}

void JsonReader::fail(const std::string& key, const std::string& what) const {
  throw Error(ErrorCode::kBadFormat, fmt::format("{}: \"{}{}\" {}", origin_, prefix_, key, what));
}

void JsonReader::convert(const Json& from, const std::string& key, bool& to) const {
  if (!from.is_boolean()) fail(key, "must be true or false");
  to = from.get<bool>();
}

void JsonReader::convert(const Json& from, const std::string& key, std::int64_t& to) const {
  if (from.is_number_float()) {
    const double value = from.get<double>();
    if (value != std::floor(value) || std::abs(value) > 9e15) fail(key, "must be a whole number");
    to = static_cast<std::int64_t>(value);
    return;
  }
  if (!from.is_number_integer()) fail(key, "must be a whole number");
  if (from.is_number_unsigned() &&
      from.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    fail(key, "is too large");
  }
  to = from.get<std::int64_t>();
}

void JsonReader::convert(const Json& from, const std::string& key, std::uint64_t& to) const {
  std::int64_t value = 0;
  convert(from, key, value);
  if (value < 0) fail(key, "must not be negative");
  to = static_cast<std::uint64_t>(value);
}

void JsonReader::convert(const Json& from, const std::string& key, int& to) const {
  std::int64_t value = 0;
  convert(from, key, value);
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) fail(key, "is out of range");
  to = static_cast<int>(value);
}

void JsonReader::convert(const Json& from, const std::string& key, double& to) const {
  if (!from.is_number()) fail(key, "must be a number");
  to = from.get<double>();
}

void JsonReader::convert(const Json& from, const std::string& key, std::string& to) const {
  if (!from.is_string()) fail(key, "must be a string");
  to = from.get<std::string>();
}

}  // namespace paa
