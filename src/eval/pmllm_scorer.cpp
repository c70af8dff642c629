#include "paa/eval/pmllm_scorer.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"

namespace paa::eval {
namespace {

// As in score_stream.cpp: fixed, so that memory and scores do not depend on the number of decoders.
constexpr std::size_t kChunk = 8;

using PhotoTokens = std::map<std::uint32_t, VisionTokens>;
using PhotoScores = std::map<std::uint32_t, Score>;

// One run over a list of pairs.
class Run {
 public:
  Run(const Pmllm& model, const RatingTable& table, const PmllmScorerOptions& options)
      : model_(model), table_(table), options_(options) {}

  std::vector<Score> scores(std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs) {
    std::set<std::uint32_t> photos;
    std::vector<std::set<std::uint32_t>> wanted(profiles.size());
    const auto alike = first_alike(profiles);
    for (const auto& pair : pairs) {
      photos.insert(pair.photo);
      wanted[alike[pair.profile]].insert(pair.photo);
    }
    total_ = photos.size();
    for (const auto& some : wanted) total_ += some.size();
    encode({photos.begin(), photos.end()});

    std::vector<const PhotoScores*> answers(profiles.size());
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      if (!wanted[i].empty()) answers[i] = &score(profiles[i], wanted[i]);
    }
    std::vector<Score> result;
    result.reserve(pairs.size());
    for (const auto& pair : pairs) result.push_back(answers[alike[pair.profile]]->at(pair.photo));
    return result;
  }

 private:
  // For each profile the first one that is equal to it.
  static std::vector<std::size_t> first_alike(std::span<const Profile> profiles) {
    std::map<std::string, std::size_t> first;
    std::vector<std::size_t> alike;
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      alike.push_back(first.emplace(to_text(profile_to_json(profiles[i])), i).first->second);
    }
    return alike;
  }

  void encode(const std::vector<std::uint32_t>& photos) {
    const auto jobs = static_cast<std::size_t>(std::max(1, options_.jobs));
    OrderedPrefetch<Image> fitted(
        photos.size(), [&](std::size_t i) { return model_.fit(read_image(table_.photos[photos[i]].file)); },
        kChunk + jobs, jobs);
    for (std::size_t begin = 0; begin < photos.size(); begin += kChunk) {
      const std::size_t end = std::min(begin + kChunk, photos.size());
      std::vector<Image> images;
      for (std::size_t i = begin; i < end; ++i) {
        throw_if_cancelled(options_.cancel);
        images.push_back(*fitted.next());
      }
      auto tokens = model_.encode(images, options_.cancel);
      for (std::size_t i = begin; i < end; ++i) tokens_.emplace(photos[i], std::move(tokens[i - begin]));
      advance(end - begin);
    }
  }

  // The model's scale is laid over the table's, end on end.
  Score on_scale(Score score) const {
    const ModelInfo& model = model_.info();
    const double factor = (table_.scale.high - table_.scale.low) / (model.scale_high - model.scale_low);
    score.mean = table_.scale.low + (score.mean - model.scale_low) * factor;
    score.spread *= factor;
    return score;
  }

  const PhotoScores& score(const Profile& profile, const std::set<std::uint32_t>& photos) {
    throw_if_cancelled(options_.cancel);
    const PreparedProfile prepared = model_.prepare(profile);
    PhotoScores& known = scores_[prepared.text()];
    std::vector<std::uint32_t> missing;
    std::vector<VisionTokens> tokens;
    for (const auto photo : photos) {
      if (known.contains(photo)) continue;
      missing.push_back(photo);
      tokens.push_back(tokens_.at(photo));
    }
    const auto scores = model_.score(prepared, tokens, options_.cancel);
    for (std::size_t i = 0; i < missing.size(); ++i) known.emplace(missing[i], on_scale(scores[i]));
    advance(photos.size());
    return known;
  }

  void advance(std::size_t units) {
    done_ += units;
    if (options_.progress) options_.progress(done_, total_);
  }

  const Pmllm& model_;
  const RatingTable& table_;
  const PmllmScorerOptions& options_;
  PhotoTokens tokens_;
  std::map<std::string, PhotoScores> scores_;  // by the text that the model reads
  std::size_t done_ = 0, total_ = 0;
};

}  // namespace

ProfileScorer pmllm_scorer(const Pmllm& model, const RatingTable& table, const PmllmScorerOptions& options) {
  return [&model, &table, options](std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs) {
    return Run(model, table, options).scores(profiles, pairs);
  };
}

}  // namespace paa::eval
