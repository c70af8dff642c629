#include "paa/train/train_fusion.h"

#include <ATen/Parallel.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "fusion_model.h"
#include "fusion_optimiser.h"
#include "losses.h"
#include "matching_task.h"
#include "metrics_file.h"
#include "model_output.h"
#include "paa/core/file.h"
#include "paa/core/sha256.h"
#include "paa/eval/metrics.h"
#include "pmllm/frozen_parts.h"
#include "pmllm/precision.h"
#include "process_group.h"
#include "training_checkpoint.h"
#include "training_set.h"

namespace paa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kInitialStream = std::uint64_t{2} << 40, kStepStream = std::uint64_t{3} << 40,
                        kMatchingTextStream = std::uint64_t{6} << 40, kMatchingStepStream = std::uint64_t{7} << 40;
constexpr std::array kFrozenRoles = {"llm", "vision"};

// The configuration's fusion file in full, for this pair of frozen models and this set of ratings.
std::string fusion_json(const TrainingConfig& config, const ModelFolder& folder, const RatingTable& table) {
  Json json = default_fusion();
  json["name"] = config.name;
  for (const char* role : kFrozenRoles) {
    const ModelPart& part = folder.part(role);
    json[role] = {{"name", part.path.filename().string()}, {"sha256", part.sha256}};
  }
  json["scale"] = {table.scale.low, table.scale.high};
  json.merge_patch(config.fusion);
  return to_text(json);
}

std::string hash_weights(const nn::Decoder& decoder) {
  Sha256 hash;
  decoder.for_each_weight([&](const at::Tensor& tensor) {
    const at::Tensor held = tensor.contiguous();
    hash.update(std::span(static_cast<const std::byte*>(held.const_data_ptr()), held.nbytes()));
  });
  return hash.hex();
}

std::string identity_of(const TrainingConfig& config, const std::string& fusion, const RatingTable& table,
                        const TrainingSet& set, const MatchingTask* matching, Precision precision, int processes) {
  Sha256 hash;
  Json json = training_config_to_json(config);
  json.erase("checkpoint_every");
  hash.update(to_text(json)).update(fusion).update(to_string(precision)).update(std::to_string(processes));
  for (const Rating& rating : table.ratings)
    hash.update(fmt::format("{},{},{};", rating.person, rating.photo, rating.value));
  for (const std::string& text : set.texts()) hash.update(text).update("\n");
  if (matching != nullptr) {
    for (const std::string& text : matching->texts()) hash.update(text).update("\n");
  }
  return hash.hex();
}

class FusionTraining {
 public:
  FusionTraining(const RatingTable& table, const ModelFolder& folder, const TrainingConfig& config,
                 const TrainingOptions& options)
      : table_(table),
        folder_(folder),
        config_(config),
        options_(options),
        group_(ProcessGroup::from_environment(options.timeout)) {}

  TrainingResult run() {
    prepare();
    const std::int64_t done = take_up();
    result_ = {options_.out / "model", {}, steps_, done, frozen_sha256_, group_.rank() == 0};
    first_step_ = done;
    phase_begun_ = Clock::now();
    phase_first_step_ = done;
    for (std::int64_t step = done; step < matching_steps_; ++step) matching_step(step);
    if (matching_) settle_tastes();
    phase_begun_ = Clock::now();
    phase_first_step_ = std::max(done, matching_steps_);
    for (std::int64_t step = phase_first_step_; step < steps_; ++step) rating_step(step);
    finish();
    return result_;
  }

 private:
  // --- before the first step ---

  void prepare() {
    if (options_.threads > 0) at::set_num_threads(options_.threads);
    group_.on_first([&] { std::filesystem::create_directories(options_.out); });
    check_parts(folder_, kFrozenRoles, UINT64_MAX, options_.cancel);
    fusion_text_ = fusion_json(config_, folder_, table_);
    fusion_ = parse_fusion_config(fusion_text_, "the training configuration's fusion");
    if (fusion_.taste.has_value() != (config_.taste_matching.steps > 0)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          "the training configuration's fusion.taste and taste_matching.steps belong together: give both or none");
    }
    parts_ = open_frozen_parts(folder_, options_.cancel);
    check_layers(fusion_, parts_.llm->config());
    precision_ = resolve(config_.precision);
    prepare_tokens();
    set_ = std::make_unique<TrainingSet>(table_, config_, fusion_,
                                         TrainingPhotos{folder_, *parts_.vision, *tokens_, files_, options_.cancel});
    std::tie(vision_.mean, vision_.scale) = tokens_->statistics(set_->ratings().photos());
    prepare_texts();
    prepare_model();
    const auto per_step = static_cast<std::size_t>(config_.batch) * static_cast<std::size_t>(group_.size());
    const std::size_t photos = set_->ratings().photos().size();
    const std::int64_t rating_steps = config_.epochs * static_cast<std::int64_t>((photos + per_step - 1) / per_step);
    matching_steps_ = config_.taste_matching.steps;
    steps_ = matching_steps_ + rating_steps;
    NamedTensors matched, rated;
    for (auto& [name, parameter] : fusion_parameters(fusion_, model_->modules())) {
      const bool matches = name.starts_with("taste.") && name != "taste.output";
      (matches ? matched : rated).emplace_back(name, parameter);
    }
    if (matching_) matching_optimiser_.emplace(std::move(matched), config_, matching_steps_);
    rating_optimiser_.emplace(std::move(rated), config_, rating_steps);
    identity_ = identity_of(config_, fusion_text_, table_, *set_, matching_.get(), precision_, group_.size());
  }

  at::ScalarType tensor_type() const { return precision_ == Precision::kBF16 ? at::kBFloat16 : at::kFloat; }

  void prepare_tokens() {
    std::vector<ViewedPhoto> photos;
    for (const RatedPhoto& photo : table_.photos) {
      const bool training = photo.split == Split::kTrain;
      // Test photos are not looked at. A cache has a row for each photo all the same, so that indices stay the table's.
      const int views = training ? config_.views : photo.split == Split::kValidation ? 1 : 0;
      if (views > 0 && !std::filesystem::exists(photo.file)) {
        throw Error(ErrorCode::kNotFound,
                    fmt::format("{}: the photo {} of {} is missing; `paa data check` lists all that are",
                                photo.file.string(), photo.id, table_.name));
      }
      photos.push_back({photo.file, views});
    }
    files_ = photos;
    const auto file = options_.token_cache.empty() ? options_.out / "vision-tokens.safetensors" : options_.token_cache;
    const auto open = [&] {
      return TokenCache::prepare(file, photos, fusion_.photo, *parts_.vision, folder_.part("vision").sha256,
                                 preparation("vision tokens of photos"), options_.cancel);
    };
    group_.on_first([&] { tokens_.emplace(open()); });
    if (!tokens_) tokens_.emplace(open());
  }

  Progress preparation(const char* what) const {
    if (!options_.on_preparation) return {};
    return [this, what](std::size_t done, std::size_t total) { options_.on_preparation(what, done, total); };
  }

  // No gradient passes through the prefixes, so they go through packed weights, which are faster; those are gone before
  // the others come.
  void prepare_texts() {
    const nn::Decoder packed(parts_.llm->config(), parts_.llm_weights(), {tensor_type(), true});
    const auto suffix = parts_.tokenizer->encode(fusion_.prompt_suffix, SpecialTokens::kRecognise);
    prefixes_ = std::make_unique<PrefixStore>(packed, *parts_.tokenizer, fusion_.layers, fusion_.prompt_prefix, suffix,
                                              set_->texts(), preparation("texts about people"), options_.cancel);
    if (!fusion_.taste) return;
    stated_states_.emplace(packed, *parts_.tokenizer, fusion_.layers.front(), fusion_.prompt_prefix, set_->texts(),
                           Progress{}, options_.cancel);
    Texts texts(profile_text({}, fusion_.wording));
    auto statements = simulated_texts(set_->ratings(), *set_->traits(), config_.seed, kMatchingTextStream,
                                      config_.taste_matching.texts, fusion_.wording, texts);
    TextStates states(packed, *parts_.tokenizer, fusion_.layers.front(), fusion_.prompt_prefix, texts.all(),
                      preparation("texts about tastes"), options_.cancel);
    matching_ = std::make_unique<MatchingTask>(*set_, config_, *tokens_, vision_, std::move(texts),
                                               std::move(statements), std::move(states));
  }

  void prepare_model() {
    decoder_ = std::make_unique<nn::Decoder>(parts_.llm->config(), parts_.llm_weights(),
                                             nn::DecoderOptions{tensor_type(), true, true, fusion_.layers.front()});
    frozen_sha256_ = hash_weights(*decoder_);
    FusionModules modules = build_fusion(fusion_, parts_.llm->config(), parts_.llm->weights(), *parts_.tokenizer,
                                         nn::EfficientNetLite::kChannels);
    for (std::size_t i = 0; i < fusion_.layers.size(); ++i) {
      std::tie(modules.profile[i].mean, modules.profile[i].scale) = prefixes_->statistics(i);
    }
    modules.vision = vision_;
    if (matching_) {
      std::tie(modules.taste_tokens.mean, modules.taste_tokens.scale) = matching_->statistics();
    }
    Random random(config_.seed, kInitialStream);
    initialise(modules, random);
    model_ = std::make_unique<FusionModel>(*decoder_, *prefixes_, *tokens_, fusion_, std::move(modules));
    start_at_marginal();
  }

  std::vector<FusionOptimiser*> optimisers() {
    std::vector<FusionOptimiser*> all;
    if (matching_optimiser_) all.push_back(&*matching_optimiser_);
    all.push_back(&*rating_optimiser_);
    return all;
  }

  // The level biases begin where the read-out gives the population's ratings, so that the modules need not learn those.
  void start_at_marginal() {
    const c10::NoGradGuard no_grad;
    LevelTarget marginal{};
    const auto& photos = set_->ratings().photos();
    for (const std::uint32_t photo : photos) {
      const LevelTarget target = set_->ratings().target(photo, 0);
      for (std::size_t i = 0; i < target.size(); ++i) marginal[i] += target[i] / static_cast<float>(photos.size());
    }
    const at::Tensor logits = model_->forward({{0}, at::tensor({tokens_->row(photos.front(), 0)}, at::kLong), {}, {}});
    const at::Tensor wanted = at::tensor(std::vector<float>(marginal.begin(), marginal.end())).clamp_min(1e-4).log();
    model_->modules().head->bias.copy_(wanted - logits[0]);
  }

  std::int64_t take_up() {
    if (const auto found = load_checkpoint(checkpoint_file(), optimisers(), best_, identity_)) position_ = *found;
    if (group_.rank() == 0) {
      metrics_.emplace(options_.out / "metrics.jsonl", position_.metrics_bytes);
      write_file(options_.out / "config.json", training_config_to_json(config_).dump(2) + "\n");
    }
    return position_.step;
  }

  std::filesystem::path checkpoint_file() const { return options_.out / "checkpoint.safetensors"; }

  // --- one step ---

  struct Drawn {
    FusionBatch batch;
    at::Tensor targets;  // (B, levels)
    std::vector<std::uint32_t> photos;
  };

  // Every process draws the whole step and takes its part, so that a step does not depend on how many there are.
  Drawn draw(std::int64_t step) {
    const auto mine = static_cast<std::size_t>(config_.batch), all = mine * static_cast<std::size_t>(group_.size());
    const std::size_t begin = mine * static_cast<std::size_t>(group_.rank());
    Random random(config_.seed, kStepStream + static_cast<std::uint64_t>(step));
    const auto samples = set_->draw(static_cast<std::uint64_t>(step), all, random);
    std::vector<std::int64_t> rows;
    for (const TrainingSample& sample : samples) {
      const auto view = static_cast<int>(random.below(static_cast<std::uint64_t>(tokens_->views(sample.photo))));
      rows.push_back(tokens_->row(sample.photo, view));
    }
    Drawn drawn;
    drawn.batch.keep = token_mask(random, all).narrow(0, static_cast<std::int64_t>(begin), config_.batch);
    drawn.batch.dropout = channel_masks(random, all, begin);
    std::vector<float> targets;
    for (std::size_t i = begin; i < begin + mine; ++i) {
      drawn.batch.texts.push_back(samples[i].text);
      drawn.photos.push_back(samples[i].photo);
      targets.insert(targets.end(), samples[i].target.begin(), samples[i].target.end());
    }
    drawn.batch.rows = at::tensor(std::vector<std::int64_t>(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                                            rows.begin() + static_cast<std::ptrdiff_t>(begin + mine)),
                                  at::kLong);
    drawn.targets = at::tensor(targets).view({config_.batch, -1});
    return drawn;
  }

  at::Tensor token_mask(Random& random, std::size_t samples) const {
    const std::int64_t tokens = tokens_->max_tokens();
    at::Tensor keep = at::ones({static_cast<std::int64_t>(samples), tokens}, at::kBool);
    if (config_.token_dropout == 0) return keep;
    const double hidden = config_.token_dropout * random.uniform();
    bool* value = keep.mutable_data_ptr<bool>();
    for (std::int64_t i = 0; i < keep.numel(); ++i) value[i] = random.uniform() >= hidden || i % tokens == 0;
    return keep;
  }

  std::vector<at::Tensor> channel_masks(Random& random, std::size_t samples, std::size_t begin) const {
    std::vector<at::Tensor> masks;
    if (config_.channel_dropout == 0) return masks;
    const auto kept = static_cast<float>(1 / (1 - config_.channel_dropout));
    for (std::size_t module = 0; module < fusion_.layers.size(); ++module) {
      at::Tensor mask =
          at::empty({static_cast<std::int64_t>(samples), prefixes_->suffix_tokens(), fusion_.width}, at::kFloat);
      float* value = mask.mutable_data_ptr<float>();
      for (std::int64_t i = 0; i < mask.numel(); ++i) value[i] = random.uniform() < config_.channel_dropout ? 0 : kept;
      masks.push_back(mask.narrow(0, static_cast<std::int64_t>(begin), config_.batch));
    }
    return masks;
  }

  void matching_step(std::int64_t step) {
    stop_if_asked(step);
    const Clock::time_point begun = Clock::now();
    TrainingStep report;
    Random random(config_.seed, kMatchingStepStream + static_cast<std::uint64_t>(step));
    const FusionModules& modules = model_->modules();
    const at::Tensor own =
        matching_->loss(modules.taste, modules.taste_tokens, random, group_.rank(), group_.size()) / group_.size();
    const at::Tensor all = own.detach().clone();
    group_.sum(all);
    report.matching = report.loss = all.item<double>();
    update(*matching_optimiser_, own, step, step, report);
    report.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    end_step(report);
  }

  void rating_step(std::int64_t step) {
    stop_if_asked(step);
    const Clock::time_point begun = Clock::now();
    const std::int64_t own_step = step - matching_steps_;
    TrainingStep report;
    const at::Tensor loss = loss_of(draw(own_step), report);
    update(*rating_optimiser_, loss, step, own_step, report);
    report.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    if ((own_step + 1) % config_.validate_every == 0 || step + 1 == steps_) report.validation = validate();
    end_step(report);
  }

  // step: of the whole training; own_step: of the optimiser's phase.
  void update(FusionOptimiser& optimiser, const at::Tensor& loss, std::int64_t step, std::int64_t own_step,
              TrainingStep& report) {
    if (!std::isfinite(report.loss)) fail_at(optimiser, step, "the loss");
    backward(optimiser, loss);
    report.rate = optimiser.schedule(own_step);
    report.gradient_norm = optimiser.step(own_step);
    if (!std::isfinite(report.gradient_norm)) {
      fail_at(optimiser, step, "the gradient of " + first_bad_gradient(optimiser));
    }
    position_.step = step + 1;
  }

  void end_step(TrainingStep& report) {
    report.step = position_.step;
    report.steps = steps_;
    const double spent = std::chrono::duration<double>(Clock::now() - phase_begun_).count();
    report.seconds_left =
        spent / static_cast<double>(position_.step - phase_first_step_) * static_cast<double>(steps_ - position_.step);
    if (metrics_) metrics_->write(report);
    if (options_.on_step) options_.on_step(report);
    if (position_.step % config_.checkpoint_every == 0 || position_.step == steps_) save();
  }

  // The end of the first phase: from here on the taste fusion matches with its averaged weights, which stay as they
  // are, and only what a match does to the hidden state is learned.
  void settle_tastes() {
    const c10::NoGradGuard no_grad;
    const NamedTensors& parameters = matching_optimiser_->parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      at::Tensor parameter = parameters[i].second;
      parameter.copy_(matching_optimiser_->average()[i]);
      parameter.set_requires_grad(false);
    }
    model_->set_tastes(tastes_of_texts());
  }

  at::Tensor tastes_of_texts() const {
    constexpr std::size_t kBatch = 64;
    const FusionModules& modules = model_->modules();
    at::Tensor tastes =
        at::zeros({static_cast<std::int64_t>(set_->texts().size()), modules.taste->options().width}, at::kFloat);
    const std::vector<std::uint32_t> texts(set_->stated().begin(), set_->stated().end());
    for (std::size_t begin = 0; begin < texts.size(); begin += kBatch) {
      const auto some = std::span(texts).subspan(begin, std::min(kBatch, texts.size() - begin));
      const TextStates::Batch read = stated_states_->gather(some);
      const at::Tensor which = at::tensor(std::vector<std::int64_t>(some.begin(), some.end()), at::kLong);
      tastes.index_copy_(0, which, stated_taste(modules, read.tokens, read.present));
    }
    return tastes;
  }

  // A loss over the samples of all processes. Each process's gradient is that of its own samples in it.
  at::Tensor loss_of(const Drawn& drawn, TrainingStep& report) {
    const at::Tensor logits = group_.gather(model_->forward(drawn.batch)), targets = group_.gather(drawn.targets);
    const at::Tensor predicted = expected_level(at::softmax(logits, -1)), wanted = expected_level(targets);
    const at::Tensor entropy = soft_cross_entropy(logits, targets), plcc = plcc_loss(predicted, wanted),
                     pairs = pairwise_loss(predicted, wanted);
    at::Tensor loss = entropy * config_.loss.cross_entropy;
    if (config_.loss.plcc > 0) loss = loss + plcc * config_.loss.plcc;
    if (config_.loss.pairwise > 0) loss = loss + pairs * config_.loss.pairwise;
    report.loss = loss.item<double>();
    report.cross_entropy = entropy.item<double>();
    report.plcc = plcc.item<double>();
    report.pairwise = pairs.item<double>();
    return loss;
  }

  void backward(FusionOptimiser& optimiser, const at::Tensor& loss) {
    for (const auto& [name, parameter] : optimiser.parameters()) at::Tensor(parameter).mutable_grad().reset();
    loss.backward();
    if (group_.size() == 1) return;
    std::vector<at::Tensor> flat;
    for (const auto& [name, parameter] : optimiser.parameters()) flat.push_back(gradient(parameter).flatten());
    at::Tensor all = at::cat(flat, 0);
    group_.sum(all);
    std::int64_t at = 0;
    for (const auto& [name, parameter] : optimiser.parameters()) {
      at::Tensor(parameter).mutable_grad() = all.narrow(0, at, parameter.numel()).view(parameter.sizes()).clone();
      at += parameter.numel();
    }
  }

  static at::Tensor gradient(const at::Tensor& parameter) {
    return parameter.grad().defined() ? parameter.grad()
                                      : at::zeros(parameter.sizes(), parameter.options().requires_grad(false));
  }

  static std::string first_bad_gradient(const FusionOptimiser& optimiser) {
    for (const auto& [name, parameter] : optimiser.parameters()) {
      if (parameter.grad().defined() && !at::isfinite(parameter.grad()).all().item<bool>()) return name;
    }
    return "all parameters together";
  }

  static std::string first_bad_parameter(const FusionOptimiser& optimiser) {
    for (const auto& [name, parameter] : optimiser.parameters()) {
      if (!at::isfinite(parameter).all().item<bool>()) return ", and so is the parameter " + name;
    }
    return "";
  }

  [[noreturn]] static void fail_at(const FusionOptimiser& optimiser, std::int64_t step, const std::string& what) {
    throw Error(
        ErrorCode::kInternal,
        fmt::format(
            "training stopped at step {}: {} is no finite number{}; lower the learning rates or look for damaged data. "
            "The last checkpoint is good",
            step + 1, what, first_bad_parameter(optimiser)));
  }

  void stop_if_asked(std::int64_t step) {
    if (options_.cancel == nullptr || !options_.cancel->requested()) return;
    if (step > first_step_ && group_.size() == 1) save();
    throw_if_cancelled(options_.cancel);
  }

  // --- validation, checkpoint, end ---

  // Runs `work` with the averaged weights in place of the trained ones.
  template <class Work>
  void with_average(const Work& work) {
    const c10::NoGradGuard no_grad;
    std::vector<at::Tensor> trained;
    for (std::size_t i = 0; i < rating_optimiser_->parameters().size(); ++i) {
      at::Tensor parameter = rating_optimiser_->parameters()[i].second;
      trained.push_back(parameter.clone());
      parameter.copy_(rating_optimiser_->average()[i]);
    }
    work();
    for (std::size_t i = 0; i < trained.size(); ++i)
      at::Tensor(rating_optimiser_->parameters()[i].second).copy_(trained[i]);
  }

  std::optional<double> validate() {
    const std::vector<std::uint32_t>& photos = set_->validation_photos();
    if (photos.size() < 2) return std::nullopt;
    std::vector<double> predicted;
    with_average([&] {
      for (std::size_t begin = 0; begin < photos.size(); begin += static_cast<std::size_t>(config_.batch)) {
        const std::size_t end = std::min(photos.size(), begin + static_cast<std::size_t>(config_.batch));
        std::vector<std::int64_t> rows;
        for (std::size_t i = begin; i < end; ++i) rows.push_back(tokens_->row(photos[i], 0));
        const at::Tensor logits =
            model_->forward({std::vector<std::uint32_t>(end - begin, 0), at::tensor(rows, at::kLong), {}, {}});
        const at::Tensor level = expected_level(at::softmax(logits, -1)).to(at::kDouble).contiguous();
        predicted.insert(predicted.end(), level.const_data_ptr<double>(),
                         level.const_data_ptr<double>() + level.numel());
      }
    });
    const double correlation = eval::srocc(set_->validation_means(), predicted);
    if (correlation > position_.best_validation) {
      position_.best_validation = correlation;
      if (config_.select_best) keep_best();
    }
    return correlation;
  }

  void keep_best() {
    best_.clear();
    for (std::size_t i = 0; i < rating_optimiser_->parameters().size(); ++i) {
      best_.emplace_back(rating_optimiser_->parameters()[i].first, rating_optimiser_->average()[i].clone());
    }
  }

  void save() {
    if (group_.rank() != 0) return;
    position_.metrics_bytes = metrics_->flush();
    save_checkpoint(checkpoint_file(), optimisers(), position_, best_, identity_);
  }

  void finish() {
    if (const std::string after = hash_weights(*decoder_); after != frozen_sha256_) {
      throw Error(ErrorCode::kInternal, "the frozen LLM's weights changed during the training; please report this");
    }
    group_.on_first([&] {
      NamedTensors tensors = fusion_buffers(fusion_, model_->modules());
      for (std::size_t i = 0; i < rating_optimiser_->parameters().size(); ++i) {
        const auto& name = rating_optimiser_->parameters()[i].first;
        tensors.emplace_back(name, best_.empty() ? rating_optimiser_->average()[i] : best_[i].second);
      }
      if (matching_optimiser_) {
        for (const auto& [name, settled] : matching_optimiser_->parameters()) tensors.emplace_back(name, settled);
      }
      result_.fusion = write_model(result_.model, folder_, config_.name, tensors, fusion_text_, fusion_.licence);
    });
  }

  const RatingTable& table_;
  const ModelFolder& folder_;
  const TrainingConfig& config_;
  const TrainingOptions& options_;
  ProcessGroup group_;

  std::string fusion_text_, frozen_sha256_, identity_;
  FusionConfig fusion_;
  FrozenParts parts_;
  Precision precision_ = Precision::kF32;
  std::unique_ptr<nn::Decoder> decoder_;
  std::vector<ViewedPhoto> files_;
  std::optional<TokenCache> tokens_;
  std::unique_ptr<TrainingSet> set_;
  Standardisation vision_;
  std::unique_ptr<PrefixStore> prefixes_;
  std::unique_ptr<FusionModel> model_;
  std::optional<TextStates> stated_states_;  // of set_->texts()
  std::unique_ptr<MatchingTask> matching_;   // where there is a taste fusion
  std::optional<FusionOptimiser> matching_optimiser_, rating_optimiser_;
  std::optional<MetricsFile> metrics_;

  TrainingPosition position_;
  NamedTensors best_;
  TrainingResult result_;
  std::int64_t steps_ = 0, matching_steps_ = 0, first_step_ = 0, phase_first_step_ = 0;
  Clock::time_point phase_begun_;
};

}  // namespace

TrainingResult train_fusion(const RatingTable& table, const ModelFolder& folder, const TrainingConfig& config,
                            const TrainingOptions& options) {
  return FusionTraining(table, folder, config, options).run();
}

}  // namespace paa
