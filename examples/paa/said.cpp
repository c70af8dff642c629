#include "said.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "paa/core/error.h"
#include "paa/core/sha256.h"
#include "paa/data/csv_reader.h"
#include "paa/image/decode.h"

namespace paa::cli {
namespace {

constexpr double kLargestRating = 1e6;

// Photos by path, so that one which is named often is read once.
class Photos {
 public:
  explicit Photos(Evidence& evidence) : evidence_(evidence) {}

  std::string hash_of(const std::filesystem::path& path) {
    const auto [known, is_new] = hashes_.try_emplace(path);
    if (!is_new) return known->second;
    read_image(path);
    known->second = sha256_file(path);
    evidence_.photos.emplace_back(known->second, place_of_photo(path));
    return known->second;
  }

 private:
  Evidence& evidence_;
  std::map<std::filesystem::path, std::string> hashes_;
};

void check_stars(const Said& said, double low, double high) {
  if (said.kind != VerdictKind::kStars || (said.stars >= low && said.stars <= high)) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{}: the rating {:g} is not on this person's scale, which runs from {:g} to {:g}", said.where,
                          said.stars, low, high));
}

}  // namespace

Said parse_stars(const std::string& text) {
  const auto sign = text.rfind('=');
  Said said{VerdictKind::kStars, text.substr(0, sign == std::string::npos ? 0 : sign), {}, 0, text};
  const char* end = text.data() + text.size();
  if (sign != std::string::npos && sign > 0) {
    const auto [at, error] = std::from_chars(text.data() + sign + 1, end, said.stars);
    if (error == std::errc() && at == end) return said;
  }
  throw Error(ErrorCode::kInvalidArgument, fmt::format("\"{}\" says no rating; write PHOTO=4", text));
}

std::vector<Said> read_said(const std::filesystem::path& csv) {
  CsvReader reader(csv);
  const std::size_t photo = reader.column("photo"), rating = reader.column("rating");
  std::vector<Said> said;
  while (reader.next()) {
    const double stars = reader.number(rating, -kLargestRating, kLargestRating);
    if (reader[photo].empty()) reader.fail(photo, "it must name a photo");
    said.push_back({VerdictKind::kStars, std::string(reader[photo]), {}, stars, reader.where()});
  }
  return said;
}

Evidence evidence_of(std::span<const Said> said, double scale_low, double scale_high, std::int64_t time) {
  Evidence evidence;
  Photos photos(evidence);
  for (const auto& one : said) {
    check_stars(one, scale_low, scale_high);
    Verdict verdict{one.kind, photos.hash_of(one.photo), {}, one.stars, time};
    if (one.kind == VerdictKind::kPreference) {
      verdict.other = photos.hash_of(one.other);
      if (verdict.other == verdict.photo) {
        throw Error(ErrorCode::kInvalidArgument, fmt::format("{} and {} are the same photo; a preference needs two",
                                                             one.photo.string(), one.other.string()));
      }
    }
    evidence.verdicts.push_back(std::move(verdict));
  }
  return evidence;
}

void add_evidence(Person& person, const Evidence& evidence) {
  for (const auto& [sha256, path] : evidence.photos) person.photos[sha256].path = path;
  person.verdicts.insert(person.verdicts.end(), evidence.verdicts.begin(), evidence.verdicts.end());
}

}  // namespace paa::cli
