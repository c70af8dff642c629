#pragma once
// What a command line or a table says of photos, before it becomes a person's evidence.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "paa/person/evidence.h"
#include "paa/person/person.h"

namespace paa::cli {

/// One verdict about files.
struct Said {
  VerdictKind kind = VerdictKind::kStars;
  std::filesystem::path photo;  ///< for a preference the better one
  std::filesystem::path other;  ///< the worse one of a preference
  double stars = 0;
  std::string where;  ///< for errors: "photo.jpg=4", "ratings.csv:3"
};

/// "PHOTO=4": what stands after the last "=" is the rating. Error: kInvalidArgument (no "=", no number).
Said parse_stars(const std::string& text);

/// A table with the columns photo and rating. Errors: those of CsvReader.
std::vector<Said> read_said(const std::filesystem::path& csv);

/// The same verdicts about photos, said at `time`, and the photos they are about. All are looked at before any is
/// returned: a file that is no photo, or a rating that is out of the scale, is told with its place. Errors: those of
/// read_image; kInvalidArgument.
struct Evidence {
  std::vector<Verdict> verdicts;
  std::vector<std::pair<std::string, std::string>> photos;  ///< SHA-256 and place_of_photo
};
Evidence evidence_of(std::span<const Said> said, double scale_low, double scale_high, std::int64_t time);

/// Adds it to the person, at its end.
void add_evidence(Person& person, const Evidence& evidence);

}  // namespace paa::cli
