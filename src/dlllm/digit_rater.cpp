#include "paa/dlllm/digit_rater.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "paa/core/error.h"

namespace paa {
namespace {

// Raised whenever the same photo may get other ratings.
constexpr const char* kVersion = "1";

std::string question_of(const Concept& subject) {
  return fmt::format("{} 0: {}. 9: {}.", subject.question, subject.low, subject.high);
}

ConceptRating rating_of(const std::array<double, 10>& digits) {
  ConceptRating rating;
  for (std::size_t digit = 0; digit < digits.size(); ++digit) {
    const double p = digits[digit];
    rating.digit += p * static_cast<double>(digit);
    if (p > 0) rating.entropy -= p * std::log2(p);
  }
  return rating;
}

}  // namespace

std::string DigitRater::id() const { return fmt::format("digits-{}-{}", kVersion, model_->info().hash); }

std::vector<ConceptRating> DigitRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                            const Cancel* cancel, const Progress& progress) {
  std::vector<Image> images;
  for (const auto& photo : photos) {
    if (photo.image == nullptr) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the photo {} has no image to rate it by", photo.sha256.substr(0, 12)));
    }
    images.push_back(*photo.image);
  }
  const auto tokens = model_->encode(images, cancel);
  std::vector<ConceptRating> ratings(photos.size() * concepts.size());
  for (std::size_t j = 0; j < concepts.size(); ++j) {
    const auto digits = model_->digit_probabilities(question_of(concepts[j]), tokens, cancel);
    for (std::size_t i = 0; i < photos.size(); ++i) ratings[i * concepts.size() + j] = rating_of(digits[i]);
    if (progress) progress(j + 1, concepts.size());
  }
  return ratings;
}

}  // namespace paa
