#pragma once
// What a person said of photos: stars, one photo over another, keep or reject.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace paa {

/// What a person did: gave stars, chose one photo over another, kept one, threw one away.
enum class VerdictKind : std::uint8_t { kStars, kPreference, kKeep, kReject };

/// "stars", "preference", "keep", "reject"; never null.
const char* to_string(VerdictKind kind) noexcept;

/// One thing a person said. Photos are known by the SHA-256 of their file's bytes, 64 lower-case hexadecimal digits. A
/// plain value.
struct Verdict {
  VerdictKind kind = VerdictKind::kStars;
  std::string photo;      ///< for a preference the better one
  std::string other;      ///< the worse one of a preference; else empty
  double stars = 0;       ///< kStars only: on the person's rating scale
  std::int64_t time = 0;  ///< when it was said: milliseconds since 1970-01-01 UTC

  bool operator==(const Verdict&) const = default;
};

/// What holds now: of several verdicts of the same question (the stars of a photo; keep or reject of a photo; which of
/// two photos) the one said last, of equal times the one later in the list. In the order in which they were said.
/// Thread-safe.
std::vector<Verdict> current_verdicts(std::span<const Verdict> verdicts);

}  // namespace paa
