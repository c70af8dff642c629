#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "paa/core/base64.h"
#include "paa/core/error.h"
#include "paa/person/person.h"

namespace paa {
namespace {

constexpr const char* kFormat = "paa-person";
constexpr VerdictKind kKinds[] = {VerdictKind::kStars, VerdictKind::kPreference, VerdictKind::kKeep,
                                  VerdictKind::kReject};

static_assert(std::endian::native == std::endian::little, "features are written as they lie in memory");

std::string time_text(std::int64_t time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time)};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::int64_t time_of(const JsonReader& reader, const char* key) {
  using namespace std::chrono;
  const auto text = reader.get<std::string>(key);
  int year_ = 0, hour = 0, minute = 0, second = 0, milli = 0, read = 0;
  unsigned month_ = 0, day_ = 0;
  const int fields = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d.%3dZ%n", &year_, &month_, &day_, &hour, &minute,
                                 &second, &milli, &read);
  const year_month_day date{year{year_}, month{month_}, day{day_}};
  if (fields != 7 || static_cast<std::size_t>(read) != text.size() || !date.ok()) {
    reader.fail(key, fmt::format("is \"{}\"; a time looks like 2026-11-26T08:00:00.000Z", text));
  }
  const sys_time<milliseconds> time =
      sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + milliseconds(milli);
  const std::int64_t value = time.time_since_epoch().count();
  if (time_text(value) != text) reader.fail(key, fmt::format("is \"{}\", which is no time", text));
  return value;
}

std::string base64_of(const std::vector<float>& values) {
  return base64({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
}

std::vector<float> floats_of(const JsonReader& reader, const std::string& key) {
  const auto text = reader.get<std::string>(key);
  std::vector<unsigned char> bytes(text.size() / 4 * 3 + 1);
  const int length = text.size() % 4 != 0
                         ? -1
                         : EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                           static_cast<int>(text.size()));
  const auto padding = static_cast<int>(text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
  if (length < 0 || (length - padding) % static_cast<int>(sizeof(float)) != 0) {
    reader.fail(key, "is not base64 of 32-bit numbers");
  }
  std::vector<float> values(static_cast<std::size_t>(length - padding) / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

Verdict verdict_from_json(const Json& json, const std::string& origin) {
  const JsonReader reader(json, origin);
  Verdict verdict;
  const auto kind = reader.get<std::string>("kind");
  const auto known =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](VerdictKind one) { return kind == to_string(one); });
  if (known == std::end(kKinds))
    reader.fail("kind", fmt::format("is \"{}\"; it must be stars, preference, keep or reject", kind));
  verdict.kind = *known;
  verdict.photo = reader.get<std::string>("photo");
  if (verdict.kind == VerdictKind::kPreference) verdict.other = reader.get<std::string>("other");
  if (verdict.kind == VerdictKind::kStars) verdict.stars = reader.get<double>("stars");
  verdict.time = time_of(reader, "time");
  reader.refuse_unknown();
  return verdict;
}

Json verdict_to_json(const Verdict& verdict) {
  Json json = {{"kind", to_string(verdict.kind)}, {"photo", verdict.photo}, {"time", time_text(verdict.time)}};
  if (verdict.kind == VerdictKind::kPreference) json["other"] = verdict.other;
  if (verdict.kind == VerdictKind::kStars) json["stars"] = verdict.stars;
  return json;
}

KnownPhoto photo_from_json(const Json& json, const std::string& origin) {
  const JsonReader reader(json, origin);
  KnownPhoto photo;
  photo.path = reader.get_or<std::string>("path", "");
  if (reader.find<Json>("features")) {
    const JsonReader features = reader.object("features");
    for (const auto& [id, text] : json["features"].items()) photo.features[id] = floats_of(features, id);
  }
  reader.refuse_unknown();
  return photo;
}

Json photo_to_json(const KnownPhoto& photo) {
  Json json = {{"path", photo.path}};
  for (const auto& [id, values] : photo.features) json["features"][id] = base64_of(values);
  return json;
}

ForgottenPhoto forgotten_from_json(const Json& json, const std::string& origin) {
  const JsonReader reader(json, origin);
  ForgottenPhoto one{reader.get<std::string>("photo"), time_of(reader, "time")};
  reader.refuse_unknown();
  return one;
}

void check_version(const JsonReader& reader, std::string_view origin) {
  if (reader.get<std::string>("format") != kFormat) reader.fail("format", fmt::format("must be \"{}\"", kFormat));
  const int version = reader.get<int>("version");
  if (version > kPersonVersion) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: was written by a newer version of paa (format {}; this one reads up to {}). "
                            "It is left as it is; please update this program",
                            origin, version, kPersonVersion));
  }
  if (version < 1) reader.fail("version", fmt::format("is {}; it must be 1 to {}", version, kPersonVersion));
}

// Each entry of the array under `key`, read by `read(json, origin)`.
template <class Read>
auto entries(const JsonReader& reader, const char* key, std::string_view origin, const Read& read) {
  std::vector<decltype(read(Json(), std::string()))> all;
  const auto list = reader.get_or<std::vector<Json>>(key, {});
  for (std::size_t i = 0; i < list.size(); ++i) all.push_back(read(list[i], fmt::format("{}: {}[{}]", origin, key, i)));
  return all;
}

Json array_of(const JsonReader& reader, const char* key) {
  Json array = reader.get_or<Json>(key, Json::array());
  if (!array.is_array()) reader.fail(key, "must be an array");
  return array;
}

void read_scale(const JsonReader& reader, Person& person) {
  const auto scale = reader.get_or<std::vector<double>>("scale", {person.scale_low, person.scale_high});
  if (scale.size() != 2) reader.fail("scale", "must be [lowest, highest]");
  person.scale_low = scale[0];
  person.scale_high = scale[1];
}

void read_photos(const JsonReader& reader, const Json& json, std::string_view origin, Person& person) {
  if (!reader.find<Json>("photos")) return;
  reader.object("photos");
  for (const auto& [sha256, photo] : json["photos"].items()) {
    person.photos[sha256] = photo_from_json(photo, fmt::format("{}: photos.{}", origin, sha256));
  }
}

template <class T, class Write>
Json array_from(const std::vector<T>& all, const Write& write) {
  Json array = Json::array();
  for (const auto& one : all) array.push_back(write(one));
  return array;
}

}  // namespace

Person person_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  check_version(reader, origin);
  Person person;
  person.profile =
      profile_from_json(reader.get_or<Json>("profile", Json::object()), fmt::format("{}: profile", origin));
  if (reader.has("profile_time")) person.profile_time = time_of(reader, "profile_time");
  read_scale(reader, person);
  person.verdicts = entries(reader, "verdicts", origin, verdict_from_json);
  read_photos(reader, json, origin, person);
  person.forgotten = entries(reader, "forgotten", origin, forgotten_from_json);
  person.asked = reader.get_or<std::vector<std::string>>("asked", {});
  person.concepts = entries(reader, "concepts", origin, concept_from_json);
  person.preferences = array_of(reader, "preferences");
  person.interviews = array_of(reader, "interviews");
  reader.refuse_unknown();
  try {
    check_person(person, origin);
  } catch (const Error& e) {
    throw Error(ErrorCode::kBadFormat, e.what());
  }
  return person;
}

Json person_to_json(const Person& person) {
  Json photos = Json::object();
  for (const auto& [sha256, photo] : person.photos) photos[sha256] = photo_to_json(photo);
  return {{"format", kFormat},
          {"version", kPersonVersion},
          {"profile", profile_to_json(person.profile)},
          {"profile_time", time_text(person.profile_time)},
          {"scale", {person.scale_low, person.scale_high}},
          {"verdicts", array_from(person.verdicts, verdict_to_json)},
          {"photos", std::move(photos)},
          {"forgotten", array_from(person.forgotten,
                                   [](const ForgottenPhoto& one) {
                                     return Json{{"photo", one.photo}, {"time", time_text(one.time)}};
                                   })},
          {"asked", person.asked},
          {"concepts", array_from(person.concepts, concept_to_json)},
          {"preferences", person.preferences},
          {"interviews", person.interviews}};
}

}  // namespace paa
