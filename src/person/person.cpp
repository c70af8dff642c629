#include "paa/person/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "paa/core/clock.h"
#include "paa/core/error.h"
#include "photo_hash.h"
#include "text_fault.h"

namespace paa {
namespace {

[[noreturn]] void refuse(std::string_view origin, const std::string& where, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {}: {}", origin, where, what));
}

void check_hash(const std::string& text, std::string_view origin, const std::string& where) {
  if (!is_photo_hash(text)) {
    refuse(origin, where, fmt::format("\"{}\" is not a photo's SHA-256 (64 hexadecimal digits in lower case)", text));
  }
}

void check_scale(const Person& person, std::string_view origin) {
  if (!std::isfinite(person.scale_low) || !std::isfinite(person.scale_high) ||
      !(person.scale_low < person.scale_high)) {
    refuse(origin, "scale", fmt::format("runs from {} to {}; it must go upwards", person.scale_low, person.scale_high));
  }
}

void check_verdict(const Person& person, const Verdict& verdict, std::string_view origin, const std::string& where) {
  check_hash(verdict.photo, origin, where + ".photo");
  if (verdict.kind == VerdictKind::kPreference) {
    check_hash(verdict.other, origin, where + ".other");
    if (verdict.other == verdict.photo) refuse(origin, where, "prefers a photo over itself");
  } else if (!verdict.other.empty()) {
    refuse(origin, where + ".other", "only a preference has a second photo");
  }
  if (verdict.kind == VerdictKind::kStars &&
      !(verdict.stars >= person.scale_low && verdict.stars <= person.scale_high)) {
    refuse(origin, where + ".stars",
           fmt::format("{} is not on this person's scale, which runs from {} to {}", verdict.stars, person.scale_low,
                       person.scale_high));
  }
}

void check_asked(const std::string& asked, std::string_view origin, const std::string& where) {
  const auto plus = asked.find('+');
  check_hash(asked.substr(0, plus), origin, where);
  if (plus == std::string::npos) return;
  check_hash(asked.substr(plus + 1), origin, where);
  if (!(asked.substr(0, plus) < asked.substr(plus + 1)))
    refuse(origin, where, "names two photos, the smaller hash first");
}

void check_concepts(const std::vector<Concept>& concepts, std::string_view origin) {
  if (concepts.size() > kMaxConcepts) {
    refuse(origin, "concepts", fmt::format("has {}, more than the limit of {}", concepts.size(), kMaxConcepts));
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < concepts.size(); ++i) {
    const std::string where = fmt::format("concepts[{}]", i);
    check_concept(concepts[i], fmt::format("{}: {}", origin, where));
    if (!names.insert(concepts[i].name).second)
      refuse(origin, where, fmt::format("\"{}\" stands there twice", concepts[i].name));
  }
}

// --- merging ---

bool is_forgotten(const std::vector<ForgottenPhoto>& forgotten, const Verdict& verdict) {
  return std::any_of(forgotten.begin(), forgotten.end(), [&](const ForgottenPhoto& one) {
    return (one.photo == verdict.photo || one.photo == verdict.other) && verdict.time <= one.time;
  });
}

std::vector<ForgottenPhoto> joined_forgotten(const Person& ours, const Person& theirs) {
  std::map<std::string, std::int64_t> latest;
  for (const Person* person : {&ours, &theirs}) {
    for (const auto& one : person->forgotten) {
      const auto [known, is_new] = latest.try_emplace(one.photo, one.time);
      if (!is_new) known->second = std::max(known->second, one.time);
    }
  }
  std::vector<ForgottenPhoto> joined;
  for (const auto& [photo, time] : latest) joined.push_back({photo, time});
  return joined;
}

// A total order, so that both directions of a merge agree on what was said at the same millisecond.
bool before(const Verdict& a, const Verdict& b) {
  return std::tie(a.time, a.photo, a.other, a.kind, a.stars) < std::tie(b.time, b.photo, b.other, b.kind, b.stars);
}

std::vector<Verdict> joined_verdicts(const Person& ours, const Person& theirs,
                                     const std::vector<ForgottenPhoto>& forgotten) {
  std::vector<Verdict> joined = ours.verdicts;
  for (const auto& verdict : theirs.verdicts) {
    if (std::find(joined.begin(), joined.end(), verdict) == joined.end()) joined.push_back(verdict);
  }
  std::erase_if(joined, [&](const Verdict& verdict) { return is_forgotten(forgotten, verdict); });
  if (joined == ours.verdicts) return joined;
  std::sort(joined.begin(), joined.end(), before);
  joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
  return joined;
}

bool is_spoken_of(const std::vector<Verdict>& verdicts, const std::string& photo) {
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [&](const Verdict& verdict) { return verdict.photo == photo || verdict.other == photo; });
}

void join_photos(Person& merged, const Person& theirs) {
  for (const auto& [sha256, photo] : theirs.photos) {
    KnownPhoto& known = merged.photos[sha256];
    if (known.path.empty()) known.path = photo.path;
    known.features.insert(photo.features.begin(), photo.features.end());
  }
  for (const auto& one : merged.forgotten) {
    if (!is_spoken_of(merged.verdicts, one.photo)) merged.photos.erase(one.photo);
  }
}

template <class T, class Same>
void add_new(std::vector<T>& to, const std::vector<T>& from, const Same& same) {
  for (const auto& one : from) {
    if (std::none_of(to.begin(), to.end(), [&](const T& known) { return same(known, one); })) to.push_back(one);
  }
}

void add_new(Json& to, const Json& from) {
  for (const auto& one : from) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
  }
}

}  // namespace

void check_person(const Person& person, std::string_view origin) {
  check_profile(person.profile, fmt::format("{}: profile", origin));
  check_scale(person, origin);
  for (std::size_t i = 0; i < person.verdicts.size(); ++i) {
    check_verdict(person, person.verdicts[i], origin, fmt::format("verdicts[{}]", i));
  }
  for (const auto& [sha256, photo] : person.photos) check_hash(sha256, origin, "photos");
  for (const auto& one : person.forgotten) check_hash(one.photo, origin, "forgotten");
  for (std::size_t i = 0; i < person.asked.size(); ++i)
    check_asked(person.asked[i], origin, fmt::format("asked[{}]", i));
  check_concepts(person.concepts, origin);
}

Person merge_persons(const Person& ours, const Person& theirs) {
  if (ours.scale_low != theirs.scale_low || ours.scale_high != theirs.scale_high) {
    throw Error(
        ErrorCode::kMismatch,
        fmt::format("one person rates from {} to {}, the other from {} to {}: these are not the same person's files",
                    ours.scale_low, ours.scale_high, theirs.scale_low, theirs.scale_high));
  }
  Person merged = ours;
  if (theirs.profile_time > ours.profile_time) {
    merged.profile = theirs.profile;
    merged.profile_time = theirs.profile_time;
  }
  merged.forgotten = joined_forgotten(ours, theirs);
  merged.verdicts = joined_verdicts(ours, theirs, merged.forgotten);
  join_photos(merged, theirs);
  add_new(merged.asked, theirs.asked, std::equal_to<>());
  add_new(merged.concepts, theirs.concepts, [](const Concept& a, const Concept& b) { return a.name == b.name; });
  add_new(merged.preferences, theirs.preferences);
  add_new(merged.interviews, theirs.interviews);
  return merged;
}

std::string place_of_photo(const std::filesystem::path& path) {
  std::error_code error;
  const auto place = std::filesystem::absolute(path, error).lexically_normal().string();
  return error || !is_utf8_text(place) ? "" : place;
}

std::int64_t time_to_say(const Person& person) {
  std::int64_t time = now_ms();
  for (const auto& verdict : person.verdicts) time = std::max(time, verdict.time + 1);
  return time;
}

void take_over_photos(Person& person, const Person& seen) {
  for (const auto& [sha256, photo] : seen.photos) {
    const auto known = person.photos.find(sha256);
    if (known == person.photos.end()) continue;
    known->second.path = photo.path;
    for (const auto& [id, features] : photo.features) known->second.features[id] = features;
  }
}

bool forget_photo(Person& person, const std::string& photo, std::int64_t time) {
  const auto verdicts = person.verdicts.size();
  std::erase_if(person.verdicts, [&](const Verdict& verdict) {
    return (verdict.photo == photo || verdict.other == photo) && verdict.time <= time;
  });
  bool found = person.verdicts.size() != verdicts;
  if (!is_spoken_of(person.verdicts, photo)) found |= person.photos.erase(photo) > 0;
  if (!found) return false;
  const auto known = std::find_if(person.forgotten.begin(), person.forgotten.end(),
                                  [&](const ForgottenPhoto& one) { return one.photo == photo; });
  if (known == person.forgotten.end()) {
    person.forgotten.push_back({photo, time});
  } else {
    known->time = std::max(known->time, time);
  }
  return true;
}

}  // namespace paa
