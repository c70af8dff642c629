#include "score_stream.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"
#include "paa/image/encode_jpeg.h"

namespace paa::cli {
namespace {

// Photos that go through the model together. Fixed, so that a photo always meets the same neighbours and its score does
// not depend on --jobs; small, so that the first scores come soon.
constexpr std::size_t kChunk = 8;

struct FittedPhoto {
  Image fitted;
  std::string thumbnail;
  std::string error;
};

FittedPhoto fit_photo(const Pmllm& model, const PhotoPath& photo, int thumbnail_side) {
  FittedPhoto result;
  result.error = photo.error;
  if (!result.error.empty()) return result;
  try {
    const Image decoded = read_image(photo.path);
    result.fitted = model.fit(decoded);
    if (thumbnail_side > 0) result.thumbnail = encode_jpeg(decoded, thumbnail_side);
  } catch (const Error& e) {
    result.error = e.what();
  } catch (const std::exception& e) {
    result.error = photo.path.string() + ": " + e.what();
  }
  return result;
}

// The chunk's readable photos take its scores one after the other.
void score_chunk(const Pmllm& model, std::span<const PreparedProfile> profiles, std::span<const Image> images,
                 const Cancel* cancel, std::span<ScoredPhoto> chunk) {
  if (images.empty()) return;
  const auto tokens = model.encode(images, cancel);
  for (const auto& profile : profiles) {
    const auto scores = model.score(profile, tokens, cancel);
    auto score = scores.begin();
    for (auto& photo : chunk) {
      if (!photo.failed()) photo.scores.push_back(*score++);
    }
  }
}

}  // namespace

void score_photos(const Pmllm& model, std::span<const PreparedProfile> profiles, std::span<const PhotoPath> photos,
                  const ScoreStreamOptions& options, const Cancel* cancel,
                  const std::function<void(ScoredPhoto)>& sink) {
  const auto jobs = static_cast<std::size_t>(std::max(1, options.jobs));
  OrderedPrefetch<FittedPhoto> fitted(
      photos.size(), [&](std::size_t i) { return fit_photo(model, photos[i], options.thumbnail_side); }, kChunk + jobs,
      jobs);
  for (std::size_t begin = 0; begin < photos.size(); begin += kChunk) {
    std::vector<ScoredPhoto> chunk;
    std::vector<Image> images;
    for (std::size_t i = begin; i < std::min(begin + kChunk, photos.size()); ++i) {
      throw_if_cancelled(cancel);
      FittedPhoto next = *fitted.next();
      if (next.error.empty()) images.push_back(std::move(next.fitted));
      chunk.push_back({photos[i].path, {}, std::move(next.thumbnail), std::move(next.error), {}});
    }
    score_chunk(model, profiles, images, cancel, chunk);
    for (auto& photo : chunk) sink(std::move(photo));
  }
}

}  // namespace paa::cli
