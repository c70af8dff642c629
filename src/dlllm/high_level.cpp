#include "paa/dlllm/high_level.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "paa/core/error.h"

namespace paa {
namespace {

double deviation(const FeatureRows& rows, std::span<const std::size_t> photos, std::size_t column) {
  double sum = 0, squares = 0;
  for (const auto photo : photos) sum += static_cast<double>(rows.row(photo)[column]);
  const double mean = sum / static_cast<double>(photos.size());
  for (const auto photo : photos) squares += std::pow(static_cast<double>(rows.row(photo)[column]) - mean, 2);
  return std::sqrt(squares / static_cast<double>(photos.size()));
}

}  // namespace

ConceptRating rating_of(const std::array<double, 10>& digits) {
  ConceptRating rating;
  for (std::size_t digit = 0; digit < digits.size(); ++digit) {
    const double p = digits[digit];
    rating.digit += p * static_cast<double>(digit);
    if (p > 0) rating.entropy -= p * std::log2(p);
  }
  return rating;
}

const Image& image_of(const ConceptPhoto& photo) {
  if (photo.image != nullptr) return *photo.image;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the photo {} has no image to rate it by", photo.sha256.substr(0, 12)));
}

std::vector<std::size_t> constant_concepts(const FeatureRows& rows, std::span<const std::size_t> photos,
                                           std::size_t begin, std::size_t count) {
  const bool rows_exist =
      std::all_of(photos.begin(), photos.end(), [&](std::size_t photo) { return photo < rows.rows(); });
  if (photos.empty() || !rows_exist || begin + count > rows.columns) {
    throw Error(ErrorCode::kInvalidArgument, "ratings of photos or concepts that are not there were asked for");
  }
  std::vector<std::size_t> constant;
  for (std::size_t i = 0; i < count; ++i) {
    if (deviation(rows, photos, begin + i) < kLeastConceptDeviation) constant.push_back(i);
  }
  return constant;
}

}  // namespace paa
