#include "data/profile_fields.h"

#include <algorithm>
#include <array>

#include "paa/core/error.h"
#include "paa/person/profile.h"

namespace paa {

bool is_missing(std::string_view text) {
  // The last two are what Prolific puts in place of an answer that is too old or was withdrawn.
  constexpr std::array<std::string_view, 8> kWords = {"",    "NA",   "N/A",          "nan",
                                                      "NaN", "null", "DATA_EXPIRED", "CONSENT_REVOKED"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

std::optional<std::string> profile_words(const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return std::nullopt;
  Profile probe;
  probe.education = std::string(row[column]);
  try {
    check_profile(probe, "");
  } catch (const Error&) {
    row.fail(column, "it must be a few words, of 200 bytes at most, without control characters");
  }
  return probe.education;
}

std::optional<int> profile_age(const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return std::nullopt;
  return row.whole_number(column, 1, 120);
}

std::optional<bool> profile_flag(const CsvReader& row, std::size_t column) {
  if (is_missing(row[column])) return std::nullopt;
  const std::string word = lower_case(row[column]);
  if (word == "yes" || word == "true" || word == "1") return true;
  if (word != "no" && word != "false" && word != "0") row.fail(column, "it must be yes, no, true, false, 1 or 0");
  return false;
}

}  // namespace paa
