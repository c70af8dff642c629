#pragma once
// One reader for each set; see read_ratings.

#include <filesystem>

#include "paa/data/rating_table.h"

namespace paa {

RatingTable read_para(const std::filesystem::path& root);
RatingTable read_lapis(const std::filesystem::path& root);
RatingTable read_flickr_aes(const std::filesystem::path& root);
RatingTable read_real_cur(const std::filesystem::path& root);
RatingTable read_eva(const std::filesystem::path& root);
RatingTable read_oasis(const std::filesystem::path& root);

}  // namespace paa
