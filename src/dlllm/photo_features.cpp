#include "paa/dlllm/photo_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/core/ordered_prefetch.h"
#include "paa/core/sha256.h"
#include "paa/dlllm/describe_photo.h"
#include "paa/dlllm/feature_cache.h"
#include "paa/dlllm/low_level.h"
#include "paa/image/decode.h"
#include "paa/image/resample.h"

namespace paa {
namespace {

// Photos that go through the model together. Fixed, so that a photo's values do not depend on the number of threads.
constexpr std::size_t kChunk = 8;
// Of what raters look at, pixels.
constexpr int kViewSide = 1024;

// A photo on its way: what is remembered of it, or what the model has to see.
struct ReadPhoto {
  FeaturedPhoto photo;
  std::optional<SeenPhoto> seen;
  Image view;  // for a rater that needs it
};

std::vector<std::string> with_score(std::vector<std::string> groups) {
  groups.insert(groups.begin(), kScoreGroup);
  return groups;
}

std::string measure_text(const MeasuredConcept& measure) {
  return fmt::format("measure {} {} {} {}", measure.column, measure.mean, measure.deviation, measure.direction);
}

std::string short_hash(std::string_view text) { return sha256_hex(text).substr(0, 12); }

}  // namespace

struct PhotoFeatures::Impl {
  Impl(const Pmllm& m, const PhotoFeaturesOptions& o) : model(m), options(o), low(m, with_score(o.groups)) {
    layout = low.layout();
    ids.rows = low.id();
    population_id = ids.rows.substr(ids.rows.find('-') + 1);
    if (options.rater == nullptr) options.concepts = options.own_concepts = {};
    options.measures.resize(options.own_concepts.size());
    add_concepts();
    if (!options.profile.empty()) {
      profile = model.prepare(options.profile);
      ids.profile = fmt::format("{}-profile-{}", model.info().hash, short_hash(profile->text()));
    }
    if (options.cache.empty()) return;
    rows.emplace(options.cache, ids.rows, layout.columns());
    if (profile) scores.emplace(options.cache, ids.profile, 1);
  }

  void add_concepts() {
    if (!options.concepts.empty()) population_id += "-" + add_group(kConceptsGroup, options.concepts);
    if (!options.own_concepts.empty()) add_group(kOwnConceptsGroup, options.own_concepts);
    rated = options.concepts;
    for (std::size_t i = 0; i < options.own_concepts.size(); ++i) {
      if (options.measures[i]) {
        ids.rows += "-" + short_hash(measure_text(*options.measures[i]));
      } else {
        rated.push_back(options.own_concepts[i]);
      }
    }
    if (!rated.empty()) class_names = model.class_names();
  }

  // Returns what tells these concepts from others.
  std::string add_group(const char* name, const std::vector<Concept>& concepts) {
    FeatureGroup group{name, {}};
    Json texts = Json::array();
    for (const auto& subject : concepts) {
      group.features.push_back(subject.name);
      texts.push_back(concept_to_json(what_is_rated(subject)));
    }
    layout.groups.push_back(std::move(group));
    const std::string id = short_hash(to_text(texts));
    ids.rows += "-" + short_hash(options.rater->id() + "\n" + id);
    return id;
  }

  bool rates() const { return !rated.empty(); }
  bool complete(const FeaturedPhoto& photo) const {
    return !photo.row.empty() && (!profile || !photo.profile_score.empty());
  }

  // Runs on several threads: looks at the caches, changes nothing.
  ReadPhoto read(const std::filesystem::path& path, const PhotoStream& stream) const {
    ReadPhoto result;
    result.photo.path = path;
    try {
      look_at(path, stream, result);
    } catch (const Error& e) {
      result.photo.error = e.what();
    } catch (const std::exception& e) {
      result.photo.error = path.string() + ": " + e.what();
    }
    return result;
  }

  void look_at(const std::filesystem::path& path, const PhotoStream& stream, ReadPhoto& result) const {
    result.photo.sha256 = sha256_file(path);
    remember(result.photo);
    if (complete(result.photo) && !stream.keep) return;
    const Image decoded = read_image(path);
    if (stream.keep) result.photo.kept = stream.keep(decoded);
    see(decoded, result);
  }

  ReadPhoto read(const OpenPhoto& photo) const {
    ReadPhoto result;
    result.photo.path = photo.path;
    result.photo.sha256 = photo.sha256;
    remember(result.photo);
    see(*photo.image, result);
    return result;
  }

  void remember(FeaturedPhoto& photo) const {
    if (rows) photo.row = rows->find(photo.sha256).value_or(std::vector<float>());
    if (scores) photo.profile_score = scores->find(photo.sha256).value_or(std::vector<float>());
  }

  void see(const Image& decoded, ReadPhoto& result) const {
    if (complete(result.photo)) return;
    result.seen = low.see(decoded);
    if (rates() && options.rater->needs_image()) result.view = fit_within(decoded, kViewSide);
  }

  // What the caches did not know.
  void fill(std::vector<ReadPhoto>& chunk, const Cancel* cancel) {
    std::vector<ReadPhoto*> photos;
    for (auto& photo : chunk) {
      if (photo.seen) photos.push_back(&photo);
    }
    if (photos.empty()) return;
    std::vector<SeenPhoto> seen;
    std::vector<Image> images;
    for (auto* photo : photos) {
      images.push_back(photo->seen->fitted);
      seen.push_back(std::move(*photo->seen));
    }
    const auto tokens = model.encode(images, cancel);
    const FeatureRows low_rows = low.compute(seen, tokens, cancel);
    const auto ratings = rates() ? rate(photos, tokens, cancel) : std::vector<ConceptRating>();
    const auto personal = profile ? model.score(*profile, tokens, cancel) : std::vector<Score>();
    for (std::size_t i = 0; i < photos.size(); ++i) {
      FeaturedPhoto& photo = photos[i]->photo;
      const auto row = low_rows.row(i);
      photo.row.assign(row.begin(), row.end());
      append_concepts(ratings, i, photo.row);
      if (profile) photo.profile_score = {static_cast<float>(personal[i].mean)};
      if (rows) rows->add(photo.sha256, photo.row);
      if (scores) scores->add(photo.sha256, photo.profile_score);
    }
  }

  std::vector<ConceptRating> rate(std::span<ReadPhoto*> photos, const std::vector<VisionTokens>& tokens,
                                  const Cancel* cancel) const {
    std::vector<ConceptPhoto> views(photos.size());
    for (std::size_t i = 0; i < photos.size(); ++i) {
      views[i] = {photos[i]->photo.sha256, &photos[i]->view, {}};
      if (!class_names.empty()) {
        views[i].contents = likely_contents(class_names, model.class_probabilities(tokens[i]));
      }
    }
    return options.rater->rate(views, rated, cancel);
  }

  void append_concepts(const std::vector<ConceptRating>& ratings, std::size_t photo, std::vector<float>& row) const {
    const auto* next = ratings.data() + photo * rated.size();
    for (std::size_t j = 0; j < options.concepts.size(); ++j) row.push_back(static_cast<float>((next++)->digit));
    for (const auto& measure : options.measures) {
      row.push_back(static_cast<float>(measure ? measure->digit(row) : (next++)->digit));
    }
  }

  const Pmllm& model;
  PhotoFeaturesOptions options;
  LowLevelFeatures low;
  FeatureLayout layout;
  FeatureIds ids;
  std::string population_id;
  std::vector<Concept> rated;
  std::vector<std::string> class_names;
  std::optional<PreparedProfile> profile;
  std::optional<FeatureCache> rows, scores;
};

PhotoFeatures::PhotoFeatures(const Pmllm& model, const PhotoFeaturesOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
PhotoFeatures::PhotoFeatures(PhotoFeatures&&) noexcept = default;
PhotoFeatures& PhotoFeatures::operator=(PhotoFeatures&&) noexcept = default;
PhotoFeatures::~PhotoFeatures() = default;

const FeatureLayout& PhotoFeatures::layout() const noexcept { return impl_->layout; }
const FeatureIds& PhotoFeatures::ids() const noexcept { return impl_->ids; }
const std::string& PhotoFeatures::population_id() const noexcept { return impl_->population_id; }

void PhotoFeatures::compute(std::span<const std::filesystem::path> photos, const PhotoStream& stream,
                            const std::function<void(FeaturedPhoto)>& sink) {
  const auto jobs = static_cast<std::size_t>(std::max(1, stream.jobs));
  for (std::size_t begin = 0; begin < photos.size(); begin += kChunk) {
    // The caches are written between chunks, so no thread may read them then: a prefetch for each.
    const auto chunk = photos.subspan(begin, std::min(kChunk, photos.size() - begin));
    OrderedPrefetch<ReadPhoto> reading(
        chunk.size(), [&](std::size_t i) { return impl_->read(chunk[i], stream); }, kChunk, jobs);
    std::vector<ReadPhoto> read;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      throw_if_cancelled(stream.cancel);
      read.push_back(std::move(*reading.next()));
    }
    impl_->fill(read, stream.cancel);
    for (auto& photo : read) sink(std::move(photo.photo));
  }
}

std::vector<FeaturedPhoto> PhotoFeatures::compute(std::span<const OpenPhoto> photos, const Progress& progress,
                                                  const Cancel* cancel) {
  std::vector<FeaturedPhoto> computed;
  for (std::size_t begin = 0; begin < photos.size(); begin += kChunk) {
    std::vector<ReadPhoto> read;
    for (const auto& photo : photos.subspan(begin, std::min(kChunk, photos.size() - begin))) {
      throw_if_cancelled(cancel);
      read.push_back(impl_->read(photo));
    }
    impl_->fill(read, cancel);
    for (auto& photo : read) computed.push_back(std::move(photo.photo));
    if (progress) progress(computed.size(), photos.size());
  }
  return computed;
}

}  // namespace paa
