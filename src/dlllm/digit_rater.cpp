#include "paa/dlllm/digit_rater.h"

#include <fmt/format.h>

namespace paa {
namespace {

// Raised whenever the same photo may get other ratings.
constexpr const char* kVersion = "1";

std::string question_of(const Concept& subject) {
  return fmt::format("{} 0: {}. 9: {}.", subject.question, subject.low, subject.high);
}

}  // namespace

std::string DigitRater::id() const { return fmt::format("digits-{}-{}", kVersion, model_->info().hash); }

std::vector<ConceptRating> DigitRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                            const Cancel* cancel, const Progress& progress) {
  std::vector<Image> images;
  for (const auto& photo : photos) images.push_back(image_of(photo));
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
