#include "paa/dlllm/cached_rater.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "paa/core/json.h"
#include "paa/core/sha256.h"
#include "paa/dlllm/feature_cache.h"

namespace paa {
namespace {

constexpr std::size_t kColumns = 2;  // digit, entropy

}  // namespace

struct CachedRater::Impl {
  HighLevelRater* rater;
  std::filesystem::path folder;
  std::map<std::string, FeatureCache> caches;  // by id

  FeatureCache& cache_of(const Concept& subject) {
    const std::string text = rater->id() + "\n" + to_text(concept_to_json(subject));
    const std::string id = fmt::format("concept-{}", sha256_hex(text).substr(0, 24));
    const auto known = caches.find(id);
    if (known != caches.end()) return known->second;
    return caches.emplace(id, FeatureCache(folder, id, kColumns)).first->second;
  }

  // The photo's ratings, of which those that were missing are now kept.
  std::vector<ConceptRating> rate(const ConceptPhoto& photo, std::span<const Concept> concepts, const Cancel* cancel) {
    std::vector<ConceptRating> ratings(concepts.size());
    std::vector<Concept> missing;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < concepts.size(); ++i) {
      if (const auto row = cache_of(concepts[i]).find(photo.sha256)) {
        ratings[i] = {static_cast<double>((*row)[0]), static_cast<double>((*row)[1])};
      } else {
        missing.push_back(concepts[i]);
        places.push_back(i);
      }
    }
    if (missing.empty()) return ratings;
    const auto fresh = rater->rate({&photo, 1}, missing, cancel);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const std::vector<float> row = {static_cast<float>(fresh[i].digit), static_cast<float>(fresh[i].entropy)};
      cache_of(missing[i]).add(photo.sha256, row);
      // As it will be read again.
      ratings[places[i]] = {static_cast<double>(row[0]), static_cast<double>(row[1])};
    }
    return ratings;
  }
};

CachedRater::CachedRater(HighLevelRater& rater, std::filesystem::path folder)
    : impl_(std::make_unique<Impl>(Impl{&rater, std::move(folder), {}})) {}
CachedRater::CachedRater(CachedRater&&) noexcept = default;
CachedRater& CachedRater::operator=(CachedRater&&) noexcept = default;
CachedRater::~CachedRater() = default;

std::string CachedRater::id() const { return impl_->rater->id(); }
bool CachedRater::needs_image() const { return impl_->rater->needs_image(); }

std::vector<ConceptRating> CachedRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                             const Cancel* cancel, const Progress& progress) {
  std::vector<ConceptRating> ratings;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    throw_if_cancelled(cancel);
    const auto of_photo = impl_->rate(photos[i], concepts, cancel);
    ratings.insert(ratings.end(), of_photo.begin(), of_photo.end());
    if (progress) progress(i + 1, photos.size());
  }
  return ratings;
}

}  // namespace paa
