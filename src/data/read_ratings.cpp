#include "paa/data/read_ratings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/readers.h"
#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"para", "lapis", "flickr-aes", "real-cur", "eva", "oasis"};
constexpr std::array kReaders = {read_para, read_lapis, read_flickr_aes, read_real_cur, read_eva, read_oasis};
static_assert(kNames.size() == kReaders.size());

}  // namespace

std::span<const std::string_view> rating_set_names() noexcept { return kNames; }

RatingTable read_ratings(const std::filesystem::path& root, std::string_view set) {
  const auto found = std::find(kNames.begin(), kNames.end(), set);
  if (found == kNames.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("there is no set named \"{}\"; the sets are {}", set, fmt::join(kNames, ", ")));
  }
  return kReaders[static_cast<std::size_t>(found - kNames.begin())](root);
}

}  // namespace paa
