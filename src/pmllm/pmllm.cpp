#include "paa/pmllm/pmllm.h"

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/softmax.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "class_names.h"
#include "frozen_llm.h"
#include "frozen_parts.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/log.h"
#include "paa/core/sha256.h"
#include "paa/pmllm/fusion_file.h"
#include "paa/pmllm/prompt.h"
#include "precision.h"
#include "scorer.h"
#include "word_logits.h"

namespace paa {
namespace {

// Raised whenever the same inputs may give other scores: it is part of every model's hash.
constexpr const char* kScorerVersion = "1";
constexpr std::array kScoringRoles = {"llm", "vision", "fusion"};

void check_belongs(const FusionConfig::Belongs& wanted, const ModelPart& part, const std::string& fusion) {
  if (wanted.sha256 == part.sha256) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("the fusion modules {} were trained for {} (SHA-256 {}...), but the model's part {} is another "
                          "file (SHA-256 {}...)",
                          fusion, wanted.name, wanted.sha256.substr(0, 12), part.role, part.sha256.substr(0, 12)));
}

std::string model_hash(const ModelFolder& folder, Precision precision) {
  Sha256 hash;
  // Prompt and preprocessing are in the fusion file, so its hash covers them.
  for (const char* role : kScoringRoles) hash.update(folder.part(role).sha256);
  hash.update(to_string(precision)).update(kScorerVersion);
  return hash.hex().substr(0, 12);
}

Score to_score(const double* levels, double low, double high) {
  Score score;
  double square = 0;
  const double step = (high - low) / static_cast<double>(score.levels.size() - 1);
  for (std::size_t i = 0; i < score.levels.size(); ++i) {
    const double value = low + step * static_cast<double>(i);
    score.levels[i] = levels[i];
    score.mean += levels[i] * value;
    square += levels[i] * value * value;
  }
  score.spread = std::sqrt(std::max(0.0, square - score.mean * score.mean));
  return score;
}

template <class Handle>
const typename Handle::State* checked(const Handle& handle, const std::string& hash) {
  if (handle.state().model_hash != hash) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("this state was made by the model {}, not by {}",
                                                         handle.state().model_hash, hash));
  }
  return &handle.state();
}

}  // namespace

const std::string& PreparedProfile::text() const noexcept { return state_->text; }

std::size_t PreparedProfile::bytes() const noexcept {
  std::size_t sum = state_->suffix.nbytes();
  for (const auto& layer : state_->past) sum += layer.keys.nbytes() + layer.values.nbytes();
  for (const auto& profile : state_->profile) sum += profile.nbytes();
  if (state_->taste.defined()) sum += state_->taste.nbytes();
  return sum;
}

std::size_t VisionTokens::bytes() const noexcept { return state_->tokens.nbytes(); }

struct Pmllm::Impl {
  ModelInfo info;
  std::optional<ModelPart> class_names;
  FusionConfig config;
  std::shared_ptr<const FrozenLlm> llm;
  std::unique_ptr<nn::EfficientNetLite> vision;
  std::unique_ptr<Scorer> scorer;

  // Reads `count` pairs, chunk by chunk: pairs(begin, n) gives what the scorer makes of n of them, and take(score, hidden)
  // gets each pair's score and hidden state (D).
  template <class Pairs, class Take>
  void read(std::size_t count, const Pairs& pairs, const Cancel* cancel, const Take& take) const {
    const c10::InferenceMode guard;
    for (std::size_t begin = 0; begin < count; begin += Scorer::kBatch) {
      throw_if_cancelled(cancel);
      const std::size_t size = std::min<std::size_t>(Scorer::kBatch, count - begin);
      const Scorer::Output output = pairs(begin, size);
      const at::Tensor levels = output.levels.contiguous(), hidden = output.hidden.contiguous();
      const auto width = static_cast<std::size_t>(hidden.size(1));
      for (std::size_t i = 0; i < size; ++i) {
        take(to_score(levels.const_data_ptr<double>() + i * kLevelNames.size(), config.scale_low, config.scale_high),
             std::span(hidden.const_data_ptr<float>() + i * width, width));
      }
    }
  }

  template <class Pairs>
  std::vector<Score> score(std::size_t count, const Pairs& pairs, const Cancel* cancel) const {
    std::vector<Score> scores;
    scores.reserve(count);
    read(count, pairs, cancel, [&](const Score& score, std::span<const float>) { scores.push_back(score); });
    return scores;
  }
};

Pmllm::Pmllm(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pmllm::Pmllm(Pmllm&&) noexcept = default;
Pmllm& Pmllm::operator=(Pmllm&&) noexcept = default;
Pmllm::~Pmllm() = default;

Pmllm Pmllm::load(const std::filesystem::path& folder_path, const PmllmOptions& options, const Cancel* cancel) {
  const c10::InferenceMode guard;
  if (options.threads > 0) at::set_num_threads(options.threads);
  ModelFolder folder = read_model_folder(folder_path);
  for (const auto& [role, path] : options.parts) folder = with_part(std::move(folder), role, path, cancel);
  check_parts(folder, kScoringRoles, options.verify_max_bytes, cancel);

  auto fusion_file = std::make_shared<const Safetensors>(Safetensors::open(folder.part("fusion").path));
  const auto config_text = fusion_file->metadata().find("paa.fusion");
  if (config_text == fusion_file->metadata().end()) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: is no fusion file: its metadata lacks \"paa.fusion\"", fusion_file->origin()));
  }
  auto impl = std::make_unique<Impl>();
  impl->config = parse_fusion_config(config_text->second, fusion_file->origin());
  const FusionConfig& config = impl->config;
  check_belongs(config.llm, folder.part("llm"), config.name);
  check_belongs(config.vision, folder.part("vision"), config.name);
  impl->info = {folder.name, "", resolve(options.precision), config.scale_low, config.scale_high, config.data_note};
  impl->info.hash = model_hash(folder, impl->info.precision);
  if (const ModelPart* names = folder.find("class_names")) impl->class_names = *names;

  FrozenParts parts = open_frozen_parts(folder, cancel);
  impl->vision = std::move(parts.vision);
  const std::shared_ptr<const Tokenizer> tokenizer = std::move(parts.tokenizer);
  FusionModules modules = load_fusion(config, fusion_file, parts.llm->config(), parts.llm->weights(), *tokenizer,
                                      nn::EfficientNetLite::kChannels);
  const at::ScalarType type = impl->info.precision == Precision::kBF16 ? at::kBFloat16 : at::kFloat;
  const nn::Decoder decoder(parts.llm->config(), parts.llm_weights(), {type, true});
  impl->llm = std::make_shared<const FrozenLlm>(FrozenLlm{
      decoder, tokenizer, parts.llm->chat_template(), folder.part("llm").path.string(),
      fmt::format("{}-{}", folder.part("llm").sha256.substr(0, 12), to_string(impl->info.precision))});
  impl->scorer = std::make_unique<Scorer>(decoder, std::move(modules), config.layers,
                                          tokenizer->encode(config.prompt_suffix, SpecialTokens::kRecognise),
                                          max_photo_tokens(config.photo));
  throw_if_cancelled(cancel);
  log(LogLevel::kInfo, fmt::format("loaded {} ({}, {})", folder.name, impl->info.hash, to_string(impl->info.precision)));
  return Pmllm(std::move(impl));
}

const ModelInfo& Pmllm::info() const noexcept { return impl_->info; }
const std::shared_ptr<const FrozenLlm>& Pmllm::llm() const noexcept { return impl_->llm; }

PreparedProfile Pmllm::prepare(const Profile& profile) const {
  const c10::InferenceMode guard;
  std::string text = profile_text(profile, impl_->config.wording);
  const PromptPrefix prefix = encode_prefix(*impl_->llm->tokenizer, impl_->config.prompt_prefix, text);
  auto state = std::make_shared<PreparedProfile::State>(impl_->scorer->prepare(prefix, profile.has_free_text()));
  state->model_hash = impl_->info.hash;
  state->text = std::move(text);
  return PreparedProfile(std::move(state));
}

Image Pmllm::fit(const Image& photo) const { return fit_photo(photo, impl_->config.photo); }

std::vector<VisionTokens> Pmllm::encode(std::span<const Image> photos, const Cancel* cancel) const {
  const c10::InferenceMode guard;
  std::vector<VisionTokens> result;
  result.reserve(photos.size());
  for (const Image& photo : photos) {
    throw_if_cancelled(cancel);
    // One by one: a photo's tokens are then the same bytes whatever is encoded with it, and a batch gains nothing here.
    const Image fitted = fit(photo);
    std::vector<float> pixels = to_nchw({&fitted, 1}, impl_->config.photo.normalisation);
    const at::Tensor input = at::from_blob(pixels.data(), {1, 3, fitted.height, fitted.width}, at::kFloat);
    auto state = std::make_shared<VisionTokens::State>();
    state->model_hash = impl_->info.hash;
    state->tokens = nn::EfficientNetLite::tokens(impl_->vision->features(input)).squeeze(0).contiguous();
    result.emplace_back(std::move(state));
  }
  return result;
}

std::vector<float> Pmllm::pooled(const VisionTokens& photo) const {
  const c10::InferenceMode guard;
  const at::Tensor mean = checked(photo, impl_->info.hash)->tokens.mean(0).contiguous();
  const auto* first = mean.const_data_ptr<float>();
  return {first, first + mean.numel()};
}

std::vector<float> Pmllm::class_probabilities(const VisionTokens& photo) const {
  const c10::InferenceMode guard;
  const auto* seen = checked(photo, impl_->info.hash);
  const at::Tensor logits = impl_->vision->classify(seen->tokens.mean(0, true));
  const at::Tensor probabilities = at::softmax(logits, 1).contiguous();
  const auto* first = probabilities.const_data_ptr<float>();
  return {first, first + probabilities.numel()};
}

std::vector<std::string> Pmllm::class_names() const {
  if (!impl_->class_names) return {};
  return read_class_names(*impl_->class_names);
}

std::vector<Score> Pmllm::score(const PreparedProfile& profile, std::span<const VisionTokens> photos, const Cancel* cancel) const {
  const auto* person = checked(profile, impl_->info.hash);
  std::vector<const VisionTokens::State*> states;
  for (const VisionTokens& photo : photos) states.push_back(checked(photo, impl_->info.hash));
  return impl_->score(photos.size(), [&](std::size_t begin, std::size_t size) {
    return impl_->scorer->read({&person, 1}, std::span(states).subspan(begin, size));
  }, cancel);
}

std::vector<Reading> Pmllm::read(const PreparedProfile& profile, std::span<const VisionTokens> photos, const Cancel* cancel) const {
  const auto* person = checked(profile, impl_->info.hash);
  std::vector<const VisionTokens::State*> states;
  for (const VisionTokens& photo : photos) states.push_back(checked(photo, impl_->info.hash));
  std::vector<Reading> readings;
  readings.reserve(photos.size());
  impl_->read(photos.size(), [&](std::size_t begin, std::size_t size) {
    return impl_->scorer->read({&person, 1}, std::span(states).subspan(begin, size));
  }, cancel, [&](const Score& score, std::span<const float> hidden) {
    readings.push_back({score, {hidden.begin(), hidden.end()}});
  });
  return readings;
}

std::vector<Score> Pmllm::score(std::span<const PreparedProfile> profiles, const VisionTokens& photo, const Cancel* cancel) const {
  const auto* seen = checked(photo, impl_->info.hash);
  std::vector<const PreparedProfile::State*> states;
  for (const PreparedProfile& profile : profiles) states.push_back(checked(profile, impl_->info.hash));
  return impl_->score(profiles.size(), [&](std::size_t begin, std::size_t size) {
    return impl_->scorer->read(std::span(states).subspan(begin, size), {&seen, 1});
  }, cancel);
}

std::vector<std::vector<double>> Pmllm::word_logits(std::string_view text, std::span<const Completion> completions,
                                                    const Cancel* cancel) const {
  const c10::InferenceMode guard;
  return paa::word_logits(impl_->scorer->decoder(), *impl_->llm->tokenizer, text, completions, cancel);
}

std::vector<std::array<double, 10>> Pmllm::digit_probabilities(std::string_view question,
                                                               std::span<const VisionTokens> photos,
                                                               const Cancel* cancel) const {
  const c10::InferenceMode guard;
  std::vector<const VisionTokens::State*> states;
  for (const VisionTokens& photo : photos) states.push_back(checked(photo, impl_->info.hash));
  const auto digits = digit_tokens(*impl_->llm->tokenizer);
  const Scorer asking = impl_->scorer->asking(encode_question(*impl_->llm->tokenizer, question));
  const auto prefix = encode_prefix(*impl_->llm->tokenizer, impl_->config.prompt_prefix,
                                    profile_text(Profile(), impl_->config.wording));
  const auto anyone = asking.prepare(prefix, false);
  std::vector<std::array<double, 10>> result;
  for (std::size_t begin = 0; begin < states.size(); begin += Scorer::kBatch) {
    throw_if_cancelled(cancel);
    const auto part = std::span(states).subspan(begin, std::min<std::size_t>(Scorer::kBatch, states.size() - begin));
    const PreparedProfile::State* person = &anyone;
    const auto of_part = among_tokens(asking.decoder(), asking.read({&person, 1}, part).hidden, digits);
    result.insert(result.end(), of_part.begin(), of_part.end());
  }
  return result;
}

}  // namespace paa
