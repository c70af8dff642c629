#pragma once
// The public sets of ratings by named people, each read into a RatingTable.

#include <filesystem>
#include <span>
#include <string_view>

#include "paa/data/rating_table.h"

namespace paa {

/// The reason in RatingTable::left_out for a second rating of one photo by one person. In every set the first row
/// counts: a mean would be a rating that nobody gave.
inline constexpr std::string_view kDuplicateRating = "the same person rated the same photo before; the first row counts";

/// The year that EVA's birth years are taken from to give an age: the year the set was published. EVA does not say when
/// a vote was cast.
inline constexpr int kEvaYear = 2020;

/// "para", "lapis", "flickr-aes", "real-cur", "eva", "oasis".
std::span<const std::string_view> rating_set_names() noexcept;

/// Reads one set from its folder. Its tables may lie in `root` or in the folder they are published in (annotation/ for
/// PARA and LAPIS, data/ for EVA). Rows keep the order of the files; reading the same files gives the same table.
///
/// What becomes what (a value that is missing is not said; "NA", "nan" and the like are missing):
///
///   para        photo "SESSION/NAME", category `semantic`; scale 1..5 by 0.5 (aestheticScore); profile: age band,
///               gender, education, experience with art and photography, Big Five. PARA-GiaaTrain and -GiaaTest.csv,
///               where both are there, give the photos' splits.
///   lapis       photo image_id, category `genre`, theme `style`; scale 0..100; Latin-1. A person's profile (age,
///               nationality, gender, education, colour blindness, interest in art) is made of that person's rows:
///               rows without demographics are kept, and the first value of each field counts. imgs_known is damaged
///               and not read. LAPIS_GIAA_{Train,Val,Test}split.csv, where all are there, give the photos' splits.
///   flickr-aes  photo imagePair; scale 1..5; no profiles. Photos are those of FLICKR-AES_image_score.txt, which must
///               hold every photo that is rated; its mean scores are not read into the table.
///   real-cur    images/WORKER/SCORE/NAME: photo "WORKER/NAME"; scale 1..5; no profiles.
///   eva         photo image_id; scale 0..10; profile: age (kEvaYear less the birth year), gender, experience with
///               photography (none, beginner, amateur, professional), colour blindness. A birth year that gives no age
///               of 1 to 120 is left out, the person stays.
///   oasis       photo image_id with category and theme; scale 1..7; profile: age, gender, education (may be missing);
///               splits of people and photos; retest.csv, where it is there, with its own numbering of people.
///
/// Ratings without a value and duplicates are left out and counted in left_out. Where the set gives people or photos no
/// split they have none; see assign_splits. Photo files are not looked for; see check_data.
///
/// Errors: kInvalidArgument (an unknown name: the known ones are listed); kNotFound (a table or folder is missing);
/// kBadFormat, naming file, line and column (a header without a column that is needed, a value outside its range, a
/// person or photo that its table lacks, a person listed twice); those of CsvReader. Thread-safe.
RatingTable read_ratings(const std::filesystem::path& root, std::string_view set);

}  // namespace paa
