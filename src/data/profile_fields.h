#pragma once
// One field of a table as one field of a Profile.

#include <optional>
#include <string>
#include <string_view>

#include "paa/data/csv_reader.h"
#include "paa/text/lower_case.h"

namespace paa {

/// Whether a field says nothing: empty, NA, nan, and what survey sites write in place of an answer that was withdrawn.
bool is_missing(std::string_view text);

/// Each is empty where the field is missing; errors are kBadFormat with the place.
/// Text that check_profile accepts.
std::optional<std::string> profile_words(const CsvReader& row, std::size_t column);
/// Years, 1..120.
std::optional<int> profile_age(const CsvReader& row, std::size_t column);
/// yes, true, 1; no, false, 0; in any case.
std::optional<bool> profile_flag(const CsvReader& row, std::size_t column);

}  // namespace paa
