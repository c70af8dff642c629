#pragma once
// Everything the library knows of one person, in one file that the person owns.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"
#include "paa/person/concept.h"
#include "paa/person/evidence.h"
#include "paa/person/profile.h"

namespace paa {

/// A photo that a verdict is about.
struct KnownPhoto {
  std::string path;  ///< where it was last seen: a hint, it may have moved; empty: unknown
  /// What a model saw in it, by the id of the model and its list of features: so the person's predictions need neither
  /// the photo again nor this machine. Empty until first computed.
  std::map<std::string, std::vector<float>> features;

  bool operator==(const KnownPhoto&) const = default;
};

/// A photo whose verdicts the person took back: older copies of the file do not bring them back when merged.
struct ForgottenPhoto {
  std::string photo;      ///< SHA-256
  std::int64_t time = 0;  ///< verdicts said until then are gone

  bool operator==(const ForgottenPhoto&) const = default;
};

/// The content of a person file. A plain value.
struct Person {
  Profile profile;
  std::int64_t profile_time = 0;  ///< when the profile was last set, ms since 1970 UTC: the later one stays in a merge
  double scale_low = 1, scale_high = 7;      ///< of stars
  std::vector<Verdict> verdicts;             ///< all of them, in the order said, those that were changed later too
  std::map<std::string, KnownPhoto> photos;  ///< by SHA-256; those of verdicts, and others that have been asked about
  std::vector<ForgottenPhoto> forgotten;     ///< by hash
  std::vector<std::string>
      asked;  ///< questions already put: a photo's hash, or two joined by "+", the smaller one first
  std::vector<Concept> concepts;     ///< what matters to this person; empty: the standard ones
  Json preferences = Json::array();  ///< statements with evidence, from interviews; kept as they are
  Json interviews = Json::array();   ///< finished ones; kept as they are

  bool operator==(const Person&) const = default;
};

/// The version of the format that this library writes. Older ones are read; a newer one is refused (kUnsupported).
inline constexpr int kPersonVersion = 1;
/// A larger person file is refused.
inline constexpr std::uint64_t kMaxPersonBytes = std::uint64_t{256} << 20;

/// Refuses verdicts out of scale or about something that is no hash, a preference of a photo over itself, and what
/// check_profile and check_concept refuse. Error: kInvalidArgument naming what and where. Thread-safe.
void check_person(const Person& person, std::string_view origin);

/// {"format": "paa-person", "version": 1, ...}: see docs of the fields above; times as "2026-11-26T08:00:00.000Z",
/// features as base64 of little-endian float32. Errors: kBadFormat (damaged, truncated, an unknown field, wrong types;
/// says where), kUnsupported (written by a newer version: says so), those of check_person as kBadFormat. Thread-safe.
Person person_from_json(const Json& json, std::string_view origin);
/// person_from_json(person_to_json(p)) equals p. The order of keys and entries is fixed: equal persons give equal
/// bytes.
Json person_to_json(const Person& person);

/// Errors: those of read_json and person_from_json.
Person read_person(const std::filesystem::path& path);

/// Both persons' evidence as one: the same verdict (kind, photos, stars, time) counts once, nothing is lost; all in the
/// order said. What was forgotten in either is gone unless it was said later. Concepts are joined by name (ours where
/// both have one), the later profile stays. merge(a, b) and merge(b, a) have the same verdicts. Error: kMismatch (two
/// different scales).
Person merge_persons(const Person& ours, const Person& theirs);

/// Removes all verdicts about the photo up to `time`, what was seen in it, and notes that it is forgotten. Whether
/// there was anything to forget.
bool forget_photo(Person& person, const std::string& photo, std::int64_t time);

/// A path as KnownPhoto::path has it: absolute; empty if it is not UTF-8, which a person file cannot hold.
std::string place_of_photo(const std::filesystem::path& path);

/// The time of what is said now, ms since 1970 UTC: the clock's, but later than all that was said, so that it holds also
/// where a clock was set back.
std::int64_t time_to_say(const Person& person);

/// Takes over where photos lie and what models saw in them from `seen`, a copy of the same person, for all photos that
/// both know.
void take_over_photos(Person& person, const Person& seen);

/// Reads the file (a new Person if there is none), lets `change` work on it, and writes it back in one step, all under
/// a lock on PATH.lock: of several processes that do so at once no change is lost. The file is not written if nothing
/// changed. If `change` throws, the file stays as it was. Waits for the lock up to `patience_ms`. Returns the person as
/// written. Errors: those of read_person; kIo (lock not to be had: says who holds it if known; disk full); what
/// `change` throws.
Person update_person(const std::filesystem::path& path, const std::function<void(Person&)>& change,
                     int patience_ms = 10000);

/// Deletes the person file, its lock and a running interview's files (PATH.interview.jsonl, and what was damaged of it).
/// Error: kNotFound if there is none of them, kIo.
void delete_person(const std::filesystem::path& path);

}  // namespace paa
