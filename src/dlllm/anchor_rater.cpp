#include "paa/dlllm/anchor_rater.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "paa/core/error.h"

namespace paa {
namespace {

// Raised whenever the same description may give other ratings.
constexpr const char* kVersion = "1";
// Descriptions that tell nothing: what the model prefers after them is its habit, not the photo.
constexpr std::array<const char*, 4> kNeutral = {"something.", "a thing and another thing.", "a scene.",
                                                 "a person, an animal and an object."};

std::string text_of(std::string_view description) { return fmt::format("The photo shows {}", description); }

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double entropy_bits(double p) {
  const auto term = [](double q) { return q > 0 ? -q * std::log2(q) : 0.0; };
  return term(p) + term(1 - p);
}

void check(const Concept& subject) {
  if (!subject.cue.empty() && !subject.low_words.empty() && !subject.high_words.empty()) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the concept \"{}\" has no {}; this model rates photos by the words that complete a sentence",
                          subject.name, subject.cue.empty() ? "cue" : "anchor words"));
}

// The words of all concepts that share a cue are asked for together, so that the cue is read once.
class Asking {
 public:
  explicit Asking(std::span<const Concept> concepts) {
    std::map<std::string, std::size_t> cues;
    for (const auto& subject : concepts) {
      check(subject);
      const auto [at, fresh] = cues.try_emplace(subject.cue, completions_.size());
      if (fresh) completions_.push_back({" " + subject.cue, {}});
      auto& words = completions_[at->second].words;
      places_.push_back({at->second, words.size(), subject.low_words.size(), subject.high_words.size()});
      for (const auto* end : {&subject.low_words, &subject.high_words}) {
        for (const auto& word : *end) words.push_back(" " + word);
      }
    }
  }

  /// One contrast a concept.
  std::vector<double> contrasts(const Pmllm& model, std::string_view description, const Cancel* cancel) const {
    const auto logits = model.word_logits(text_of(description), completions_, cancel);
    std::vector<double> result;
    for (const auto& place : places_) {
      const auto words = std::span(logits[place.completion]).subspan(place.begin, place.low + place.high);
      result.push_back(mean(words.subspan(place.low)) - mean(words.first(place.low)));
    }
    return result;
  }

 private:
  struct Place {
    std::size_t completion, begin, low, high;
  };
  std::vector<Completion> completions_;
  std::vector<Place> places_;
};

}  // namespace

struct AnchorRater::Impl {
  const Pmllm* model;
  std::vector<Concept> known;   // whose habits are known
  std::vector<double> habits;

  const std::vector<double>& habits_of(std::span<const Concept> concepts, const Asking& asking, const Cancel* cancel) {
    if (std::equal(concepts.begin(), concepts.end(), known.begin(), known.end())) return habits;
    std::vector<double> sum(concepts.size());
    for (const char* description : kNeutral) {
      const auto contrasts = asking.contrasts(*model, description, cancel);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += contrasts[i] / kNeutral.size();
    }
    known.assign(concepts.begin(), concepts.end());
    return habits = std::move(sum);
  }
};

AnchorRater::AnchorRater(const Pmllm& model) : impl_(std::make_unique<Impl>(Impl{&model, {}, {}})) {}
AnchorRater::AnchorRater(AnchorRater&&) noexcept = default;
AnchorRater& AnchorRater::operator=(AnchorRater&&) noexcept = default;
AnchorRater::~AnchorRater() = default;

std::string AnchorRater::id() const { return fmt::format("anchors-{}-{}", kVersion, impl_->model->info().hash); }

std::vector<ConceptRating> AnchorRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                             const Cancel* cancel, const Progress& progress) {
  if (photos.empty() || concepts.empty()) return {};
  const Asking asking(concepts);
  const auto& habits = impl_->habits_of(concepts, asking, cancel);
  std::vector<ConceptRating> ratings;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (photos[i].description.empty()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the photo {} has no description to rate it by", photos[i].sha256.substr(0, 12)));
    }
    const auto contrasts = asking.contrasts(*impl_->model, photos[i].description, cancel);
    for (std::size_t j = 0; j < concepts.size(); ++j) {
      const double p = 1 / (1 + std::exp(habits[j] - contrasts[j]));
      ratings.push_back({9 * p, entropy_bits(p)});
    }
    if (progress) progress(i + 1, photos.size());
  }
  return ratings;
}

}  // namespace paa
