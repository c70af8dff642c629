#pragma once
// What a person said they like or dislike, and where they said it.

#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"

namespace paa {

/// Which way a taste goes.
enum class Polarity : std::uint8_t { kLike, kDislike };

/// "like", "dislike"; never null.
const char* to_string(Polarity polarity) noexcept;

/// A taste with its evidence. A plain value.
struct Preference {
  std::string statement;  ///< "dislikes crowded beaches"
  std::string subject;    ///< what it is about, in the person's words: "crowded beaches"
  Polarity polarity = Polarity::kLike;
  int strength = 2;       ///< 1 mild, 2, 3 strong
  double confidence = 1;  ///< 0 to 1: how sure the reader is that this was meant
  std::string topic;      ///< of the guide: "places"; may be empty
  std::string interview;  ///< id of the interview it was said in
  int turn = 0;           ///< of that interview, from 1 on
  std::string quote;      ///< the person's words, as they stand in that turn's answer

  bool operator==(const Preference&) const = default;
};

/// Limits, in UTF-8 bytes.
inline constexpr std::size_t kMaxPreferenceBytes = 500;  ///< statement, subject, quote

/// Refuses empty or over-long texts, bytes that are not UTF-8, control characters, a strength or confidence out of
/// range, a turn below 1, and a preference without a quote. Error: kInvalidArgument, "ORIGIN: "FIELD" what".
/// Thread-safe.
void check_preference(const Preference& preference, std::string_view origin);

/// Fields named as above; polarity "like" or "dislike"; topic may be missing. Errors (kBadFormat): as of
/// profile_from_json.
Preference preference_from_json(const Json& json, std::string_view origin);
/// preference_from_json(preference_to_json(p)) equals p.
Json preference_to_json(const Preference& preference);

/// Whether `quote` stands in `answer`, ASCII case and the width of white space aside. Thread-safe.
bool is_quoted_from(std::string_view quote, std::string_view answer);

/// The words of a subject that mean something, lower case and without a plural's s: what two subjects are compared by.
/// "The old boats" gives {"boat", "old"}. Thread-safe.
std::vector<std::string> content_words(std::string_view subject);

/// Whether two subjects are about the same thing: one's content words are all among the other's. Thread-safe.
bool same_subject(std::string_view a, std::string_view b);

/// The indices of pairs that say opposite things of the same subject, the earlier one first. Thread-safe.
std::vector<std::pair<std::size_t, std::size_t>> contradictions(const std::vector<Preference>& preferences);

}  // namespace paa
