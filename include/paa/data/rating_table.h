#pragma once
// People's ratings of photos, whatever data set they come from.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "paa/person/profile.h"

namespace paa {

/// What a person or a photo is for. kNone: the set does not say.
enum class Split : std::uint8_t { kNone, kTrain, kValidation, kTest };

/// "none", "train", "validation", "test"; never null.
const char* to_string(Split split) noexcept;

/// The scale ratings were given on. step 0: any number between the ends.
struct RatingScale {
  double low = 1, high = 7, step = 1;
};

/// A person who rated photos of the set. A plain value.
struct RatedPerson {
  std::string id;   ///< as the set names them
  Profile profile;  ///< empty where the set says nothing of the person
  Split split = Split::kNone;
};

/// A photo that was rated. A plain value; the file is not opened.
struct RatedPhoto {
  std::string id;              ///< as the set names it
  std::filesystem::path file;  ///< where it lies, beginning with the set's root; it may be missing (see DataCheck)
  std::string category;        ///< the set's own coarse class ("Animal"), empty if it has none
  std::string theme;           ///< the set's own fine class ("Acorns"), empty if it has none
  Split split = Split::kNone;
};

/// One person's rating of one photo. Indices into RatingTable::people and photos.
struct Rating {
  std::uint32_t person = 0;
  std::uint32_t photo = 0;
  float value = 0;  ///< on the set's own scale
};

/// One photo rated twice by one person, who is known by a number of the retest's own.
struct Retest {
  std::uint32_t person = 0;  ///< 0, 1, 2 ...
  std::uint32_t photo = 0;
  float first = 0, second = 0;
};

/// Rows that a reader did not take, and why.
struct LeftOut {
  std::string reason;  ///< "no rating of this photo has demographics"
  std::size_t count = 0;
  std::string example;  ///< the first such row: "FILE:LINE"
};

/// A data set in memory. A plain value; rows keep the order of their files.
struct RatingTable {
  std::string name;
  RatingScale scale;
  std::vector<RatedPerson> people;
  std::vector<RatedPhoto> photos;
  std::vector<Rating> ratings;
  std::vector<Retest> retests;
  std::vector<LeftOut> left_out;
};

}  // namespace paa
