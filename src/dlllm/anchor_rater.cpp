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

namespace paa {
namespace {

// Raised whenever the same contents may give other ratings.
constexpr const char* kVersion = "1";
// Contents that tell nothing: what the model prefers after them is its habit, not the photo.
constexpr std::array<const char*, 4> kNeutral = {"something.", "a thing and another thing.", "a scene.",
                                                 "a person, an animal and an object."};

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
      places_.push_back({at->second, words.size(), subject.low_words.size(), subject.high_words.size()});
      for (const auto* end : {&subject.low_words, &subject.high_words}) {
        for (const auto& word : *end) words.push_back(" " + word);
      }
    }
  }

  /// One contrast a concept.
  std::vector<float> contrasts(const Pmllm& model, std::string_view content, const Cancel* cancel) const {
    const auto logits = model.word_logits(text_of(content), completions_, cancel);
    std::vector<float> result;
    for (const auto& place : places_) {
      const auto words = std::span(logits[place.completion]).subspan(place.begin, place.low + place.high);
      result.push_back(static_cast<float>(mean(words.subspan(place.low)) - mean(words.first(place.low))));
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

// What the model said of contents, for one list of concepts.
class KnownContrasts {
 public:
  KnownContrasts(const Pmllm& model, std::span<const Concept> concepts, const std::string& id,
                 const std::filesystem::path& folder)
      : model_(&model), concepts_(concepts.begin(), concepts.end()), asking_(concepts) {
    Json texts = Json::array();
    for (const auto& subject : concepts) texts.push_back(concept_to_json(what_is_rated(subject)));
    if (!folder.empty()) {
      kept_.emplace(folder, fmt::format("{}-{}", id, sha256_hex(to_text(texts)).substr(0, 12)), concepts.size());
    }
  }

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
    std::vector<double> sum(concepts_.size());
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
  std::map<std::string, std::vector<float>> known_;
  std::vector<double> habits_;
  std::optional<FeatureCache> kept_;
};

}  // namespace

struct AnchorRater::Impl {
  const Pmllm* model;
  std::filesystem::path cache;
  std::optional<KnownContrasts> known;
};

AnchorRater::AnchorRater(const Pmllm& model, std::filesystem::path cache)
    : impl_(std::make_unique<Impl>(Impl{&model, std::move(cache), {}})) {}
AnchorRater::AnchorRater(AnchorRater&&) noexcept = default;
AnchorRater& AnchorRater::operator=(AnchorRater&&) noexcept = default;
AnchorRater::~AnchorRater() = default;

std::string AnchorRater::id() const { return fmt::format("anchors-{}-{}", kVersion, impl_->model->info().hash); }

std::vector<ConceptRating> AnchorRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                             const Cancel* cancel, const Progress& progress) {
  if (photos.empty() || concepts.empty()) return {};
  if (!impl_->known || !impl_->known->about(concepts)) impl_->known.emplace(*impl_->model, concepts, id(), impl_->cache);
  const auto& habits = impl_->known->habits(cancel);
  std::vector<ConceptRating> ratings;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (photos[i].contents.empty()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("nothing says what the photo {} may show, to rate it by",
                                                           photos[i].sha256.substr(0, 12)));
    }
    std::vector<double> contrasts(concepts.size());
    for (const auto& content : photos[i].contents) {
      const auto& of_content = impl_->known->of(content.text, cancel);
      for (std::size_t j = 0; j < contrasts.size(); ++j) {
        contrasts[j] += content.weight * static_cast<double>(of_content[j]);
      }
    }
    for (std::size_t j = 0; j < concepts.size(); ++j) {
      const double p = 1 / (1 + std::exp(habits[j] - contrasts[j]));
      ratings.push_back({9 * p, entropy_bits(p)});
    }
    if (progress) progress(i + 1, photos.size());
  }
  return ratings;
}

}  // namespace paa
