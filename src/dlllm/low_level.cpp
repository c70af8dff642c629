#include "paa/dlllm/low_level.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "paa/core/error.h"
#include "paa/image/statistics_copy.h"

namespace paa {
namespace {

// Below it a probability says nothing more than "not this".
constexpr float kLeastProbability = 1e-30f;

std::vector<std::string> numbered(const std::string& name, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("{} {}", name, i));
  return names;
}

// Against the mean class: the classifier's logits, without what all classes share.
std::vector<float> log_odds(std::vector<float> probabilities) {
  double sum = 0;
  for (float& p : probabilities) sum += p = std::log(std::max(p, kLeastProbability));
  const auto mean = static_cast<float>(sum / static_cast<double>(probabilities.size()));
  for (float& p : probabilities) p -= mean;
  return probabilities;
}

void check(std::span<const std::string> groups) {
  if (groups.empty()) throw Error(ErrorCode::kInvalidArgument, "no group of low-level features was named");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (std::find(kLowLevelGroups.begin(), kLowLevelGroups.end(), groups[i]) == kLowLevelGroups.end()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("there is no group of low-level features \"{}\"; there are {}", groups[i],
                              fmt::join(kLowLevelGroups, ", ")));
    }
    if (std::find(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(i), groups[i]) !=
        groups.begin() + static_cast<std::ptrdiff_t>(i)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the group of low-level features \"{}\" is named twice", groups[i]));
    }
  }
}

}  // namespace

struct LowLevelFeatures::Impl {
  const Pmllm* model = nullptr;
  std::optional<PreparedProfile> anyone;
  FeatureLayout layout;
  std::string id;

  bool has(const char* group) const { return layout.find(group) < layout.groups.size(); }

  // Widths are learnt from the model by looking at a photo.
  std::vector<std::string> features_of(const std::string& group, const VisionTokens& photo) const {
    if (group == kScoreGroup) return {"score"};
    if (group == kPooledGroup) return numbered(group, model->pooled(photo).size());
    if (group == kHiddenGroup) return numbered(group, model->read(*anyone, {&photo, 1}).front().hidden.size());
    if (group == kStatisticsGroup) return {kImageStatisticNames.begin(), kImageStatisticNames.end()};
    if (group == kCompositionGroup) return {kCompositionStatisticNames.begin(), kCompositionStatisticNames.end()};
    auto names = model->class_names();
    if (names.empty())
      throw Error(ErrorCode::kUnsupported, fmt::format("the model {} has no class names", model->info().name));
    return names;
  }

  void append(const std::string& group, const SeenPhoto& photo, const VisionTokens& tokens, const Reading& reading,
              std::vector<float>& row) const {
    const auto add = [&](const auto& values) {
      for (const auto value : values) row.push_back(static_cast<float>(value));
    };
    if (group == kScoreGroup) row.push_back(static_cast<float>(reading.score.mean));
    if (group == kPooledGroup) add(model->pooled(tokens));
    if (group == kClassesGroup) add(log_odds(model->class_probabilities(tokens)));
    if (group == kHiddenGroup) add(reading.hidden);
    if (group == kStatisticsGroup) add(photo.statistics.values);
    if (group == kCompositionGroup) add(photo.composition.values);
  }
};

LowLevelFeatures::LowLevelFeatures(const Pmllm& model, std::span<const std::string> groups)
    : impl_(std::make_unique<Impl>()) {
  check(groups);
  impl_->model = &model;
  impl_->anyone = model.prepare({});
  const Image grey{32, 32, std::vector<std::uint8_t>(std::size_t{3} * 32 * 32, 128)};
  const VisionTokens tokens = model.encode({&grey, 1}).front();
  for (const char* name : kLowLevelGroups) {
    if (std::find(groups.begin(), groups.end(), name) == groups.end()) continue;
    impl_->layout.groups.push_back({name, impl_->features_of(name, tokens)});
  }
  impl_->id = fmt::format("{}-{}", model.info().hash, layout_id(impl_->layout));
}

LowLevelFeatures::LowLevelFeatures(LowLevelFeatures&&) noexcept = default;
LowLevelFeatures& LowLevelFeatures::operator=(LowLevelFeatures&&) noexcept = default;
LowLevelFeatures::~LowLevelFeatures() = default;

const FeatureLayout& LowLevelFeatures::layout() const noexcept { return impl_->layout; }
const std::string& LowLevelFeatures::id() const noexcept { return impl_->id; }

SeenPhoto LowLevelFeatures::see(const Image& photo) const {
  SeenPhoto seen{impl_->model->fit(photo), {}, {}};
  const bool statistics = impl_->has(kStatisticsGroup), composition = impl_->has(kCompositionGroup);
  if (!statistics && !composition) return seen;
  const Image copy = statistics_copy(photo);
  if (statistics) seen.statistics = image_statistics(copy);
  if (composition) seen.composition = composition_statistics(copy);
  return seen;
}

FeatureRows LowLevelFeatures::compute(std::span<const SeenPhoto> photos, const Cancel* cancel) const {
  std::vector<Image> images;
  images.reserve(photos.size());
  for (const auto& photo : photos) images.push_back(photo.fitted);
  return compute(photos, impl_->model->encode(images, cancel), cancel);
}

FeatureRows LowLevelFeatures::compute(std::span<const SeenPhoto> photos, std::span<const VisionTokens> tokens,
                                      const Cancel* cancel) const {
  if (photos.size() != tokens.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} photos and the vision tokens of {}", photos.size(), tokens.size()));
  }
  std::vector<Reading> readings(photos.size());
  if (impl_->has(kScoreGroup) || impl_->has(kHiddenGroup))
    readings = impl_->model->read(*impl_->anyone, tokens, cancel);
  FeatureRows rows{impl_->layout.columns(), {}};
  rows.values.reserve(rows.columns * photos.size());
  for (std::size_t i = 0; i < photos.size(); ++i) {
    for (const auto& group : impl_->layout.groups)
      impl_->append(group.name, photos[i], tokens[i], readings[i], rows.values);
  }
  return rows;
}

}  // namespace paa
