#include "paa/dlllm/anchor_rater.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "paa/core/error.h"
#include "paa/core/json.h"
#include "paa/core/sha256.h"
#include "paa/dlllm/feature_cache.h"
#include "paa/dlllm/subject_concept.h"

namespace paa {
namespace {

// Raised whenever the same contents may give other ratings.
constexpr const char* kVersion = "2";
// Contents that tell nothing: what the model prefers after them is its habit, not the photo.
constexpr std::array<const char*, 4> kNeutral = {"something.", "a thing and another thing.", "a scene.",
                                                 "a person, an animal and an object."};
// A content is about a subject if it leads to a word of it by so much more than neutral contents do, in logits: below it
// differences are about anything but the subject.
constexpr double kLeastLed = 2;
constexpr double kMostDigit = 9;

std::string text_of(std::string_view content) { return fmt::format("The photo shows {}", content); }

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
      places_.push_back({at->second, words.size(), subject.low_words.size(), subject.high_words.size(), is_subject(subject)});
      for (const auto* end : {&subject.low_words, &subject.high_words}) {
        for (const auto& word : *end) words.push_back(" " + word);
      }
    }
  }

  /// Contrasts of a concept: one, and of a subject one a high word.
  std::size_t columns(std::size_t subject) const { return places_[subject].by_word ? places_[subject].high : 1; }

  /// Those of all concepts, in their order.
  std::vector<float> contrasts(const Pmllm& model, std::string_view content, const Cancel* cancel) const {
    const auto logits = model.word_logits(text_of(content), completions_, cancel);
    std::vector<float> result;
    for (const auto& place : places_) {
      const auto words = std::span(logits[place.completion]).subspan(place.begin, place.low + place.high);
      const auto high = words.subspan(place.low);
      const double low = mean(words.first(place.low));
      if (!place.by_word) result.push_back(static_cast<float>(mean(high) - low));
      for (std::size_t i = 0; place.by_word && i < high.size(); ++i) result.push_back(static_cast<float>(high[i] - low));
    }
    return result;
  }

 private:
  struct Place {
    std::size_t completion, begin, low, high;
    bool by_word;
  };
  std::vector<Completion> completions_;
  std::vector<Place> places_;
};

// What the model said of contents, for one list of concepts.
class KnownContrasts {
 public:
  KnownContrasts(const Pmllm& model, std::span<const Concept> concepts, const std::string& id,
                 const std::filesystem::path& folder)
      : model_(&model), concepts_(concepts.begin(), concepts.end()), asking_(concepts) {
    Json texts = Json::array();
    for (std::size_t i = 0; i < concepts.size(); ++i) {
      texts.push_back(concept_to_json(what_is_rated(concepts[i])));
      columns_ += asking_.columns(i);
    }
    if (!folder.empty()) {
      kept_.emplace(folder, fmt::format("{}-{}", id, sha256_hex(to_text(texts)).substr(0, 12)), columns_);
    }
  }

  const Asking& asking() const { return asking_; }

  bool about(std::span<const Concept> concepts) const {
    return std::equal(concepts.begin(), concepts.end(), concepts_.begin(), concepts_.end());
  }

  const std::vector<float>& of(const std::string& content, const Cancel* cancel) {
    const auto [at, fresh] = known_.try_emplace(content);
    if (!fresh && !at->second.empty()) return at->second;
    const std::string key = sha256_hex(content);
    if (kept_) at->second = kept_->find(key).value_or(std::vector<float>());
    if (!at->second.empty()) return at->second;
    at->second = asking_.contrasts(*model_, content, cancel);
    if (kept_) kept_->add(key, at->second);
    return at->second;
  }

  /// What the model prefers anyway.
  const std::vector<double>& habits(const Cancel* cancel) {
    if (!habits_.empty()) return habits_;
    std::vector<double> sum(columns_);
    for (const char* content : kNeutral) {
      const auto& contrasts = of(content, cancel);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(contrasts[i]) / kNeutral.size();
    }
    return habits_ = std::move(sum);
  }

 private:
  const Pmllm* model_;
  std::vector<Concept> concepts_;
  Asking asking_;
  std::size_t columns_ = 0;
  std::map<std::string, std::vector<float>> known_;
  std::vector<double> habits_;
  std::optional<FeatureCache> kept_;
};

// Of a photo that may show several things, what they say together.
class Answers {
 public:
  Answers(KnownContrasts& known, const Cancel* cancel) : known_(&known), cancel_(cancel), habits_(&known.habits(cancel)) {}

  /// The mean of the likeliest contents: ratings of concepts with two ends.
  std::vector<ConceptRating> between_ends(const std::vector<LikelyContent>& contents) const {
    std::vector<double> contrasts(habits_->size());
    for (const auto& content : contents) {
      if (content.weight == 0) continue;
      const auto& of_content = known_->of(content.text, cancel_);
      for (std::size_t j = 0; j < contrasts.size(); ++j) contrasts[j] += content.weight * static_cast<double>(of_content[j]);
    }
    std::vector<ConceptRating> ratings;
    for (std::size_t j = 0; j < contrasts.size(); ++j) {
      ratings.push_back(rating(1 / (1 + std::exp((*habits_)[j] - contrasts[j]))));
    }
    return ratings;
  }

  /// The sum over the contents that are about it: ratings of subjects.
  std::vector<ConceptRating> presence(const std::vector<LikelyContent>& contents, std::size_t subjects) const {
    std::vector<double> sums(subjects);
    for (const auto& content : contents) {
      const auto& of_content = known_->of(content.text, cancel_);
      std::size_t at = 0;
      for (std::size_t j = 0; j < subjects; ++j) {
        double most = 0;
        for (std::size_t word = 0; word < known_->asking().columns(j); ++word, ++at) {
          most = std::max(most, static_cast<double>(of_content[at]) - (*habits_)[at] - kLeastLed);
        }
        sums[j] += std::sqrt(content.probability) * most;
      }
    }
    std::vector<ConceptRating> ratings;
    for (const double sum : sums) ratings.push_back(rating(std::min(sum, kMostDigit) / kMostDigit));
    return ratings;
  }

 private:
  static ConceptRating rating(double p) { return {kMostDigit * p, entropy_bits(p)}; }

  KnownContrasts* known_;
  const Cancel* cancel_;
  const std::vector<double>* habits_;
};

}  // namespace

struct AnchorRater::Impl {
  const Pmllm* model;
  std::filesystem::path cache;
  std::optional<KnownContrasts> ends, subjects;

  Answers answers(std::optional<KnownContrasts>& known, std::span<const Concept> concepts, const std::string& id,
                  const Cancel* cancel) const {
    if (!known || !known->about(concepts)) known.emplace(*model, concepts, id, cache);
    return {*known, cancel};
  }
};

AnchorRater::AnchorRater(const Pmllm& model, std::filesystem::path cache)
    : impl_(std::make_unique<Impl>(Impl{&model, std::move(cache), {}, {}})) {}
AnchorRater::AnchorRater(AnchorRater&&) noexcept = default;
AnchorRater& AnchorRater::operator=(AnchorRater&&) noexcept = default;
AnchorRater::~AnchorRater() = default;

std::string AnchorRater::id() const { return fmt::format("anchors-{}-{}", kVersion, impl_->model->info().hash); }

std::vector<ConceptRating> AnchorRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                             const Cancel* cancel, const Progress& progress) {
  if (photos.empty() || concepts.empty()) return {};
  std::vector<Concept> ends, subjects;
  for (const auto& one : concepts) (is_subject(one) ? subjects : ends).push_back(one);
  std::optional<Answers> of_ends, of_subjects;
  if (!ends.empty()) of_ends = impl_->answers(impl_->ends, ends, id(), cancel);
  if (!subjects.empty()) of_subjects = impl_->answers(impl_->subjects, subjects, id(), cancel);
  std::vector<ConceptRating> ratings;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const auto& contents = photos[i].contents;
    if (contents.empty()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("nothing says what the photo {} may show, to rate it by",
                                                           photos[i].sha256.substr(0, 12)));
    }
    const auto between = of_ends ? of_ends->between_ends(contents) : std::vector<ConceptRating>();
    const auto present = of_subjects ? of_subjects->presence(contents, subjects.size()) : std::vector<ConceptRating>();
    auto next_between = between.begin(), next_present = present.begin();
    for (const auto& one : concepts) ratings.push_back(is_subject(one) ? *next_present++ : *next_between++);
    if (progress) progress(i + 1, photos.size());
  }
  return ratings;
}

}  // namespace paa
