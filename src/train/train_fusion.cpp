#include "paa/train/train_fusion.h"

#include <ATen/Parallel.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fusion_model.h"
#include "fusion_optimiser.h"
#include "losses.h"
#include "metrics_file.h"
#include "model_output.h"
#include "paa/core/file.h"
#include "paa/core/sha256.h"
#include "paa/eval/metrics.h"
#include "pmllm/frozen_parts.h"
#include "pmllm/precision.h"
#include "process_group.h"
#include "training_checkpoint.h"
#include "trait_supervision.h"
#include "training_set.h"

namespace paa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kInitialStream = std::uint64_t{2} << 40, kStepStream = std::uint64_t{3} << 40,
                        kSupervisionStream = std::uint64_t{6} << 40;
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
                        const TrainingSet& set, Precision precision, int processes) {
  Sha256 hash;
  Json json = training_config_to_json(config);
  json.erase("checkpoint_every");
  hash.update(to_text(json)).update(fusion).update(to_string(precision)).update(std::to_string(processes));
  for (const Rating& rating : table.ratings)
    hash.update(fmt::format("{},{},{};", rating.person, rating.photo, rating.value));
  for (const std::string& text : set.texts()) hash.update(text).update("\n");
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
    begun_ = Clock::now();
    first_step_ = done;
    for (std::int64_t step = done; step < steps_; ++step) one_step(step);
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
    parts_ = open_frozen_parts(folder_, options_.cancel);
    check_layers(fusion_, parts_.llm->config());
    precision_ = resolve(config_.precision);
    prepare_tokens();
    set_ = std::make_unique<TrainingSet>(table_, config_, fusion_,
                                         TrainingPhotos{folder_, *parts_.vision, *tokens_, files_, options_.cancel});
    prepare_prefixes();
    prepare_model();
    const auto per_step = static_cast<std::size_t>(config_.batch) * static_cast<std::size_t>(group_.size());
    const std::size_t photos = set_->ratings().photos().size();
    steps_ = config_.epochs * static_cast<std::int64_t>((photos + per_step - 1) / per_step);
    optimiser_ = std::make_unique<FusionOptimiser>(fusion_parameters(fusion_, model_->modules()), config_, steps_);
    identity_ = identity_of(config_, fusion_text_, table_, *set_, precision_, group_.size());
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
  void prepare_prefixes() {
    const nn::Decoder packed(parts_.llm->config(), parts_.llm_weights(), {tensor_type(), true});
    const auto suffix = parts_.tokenizer->encode(fusion_.prompt_suffix, SpecialTokens::kRecognise);
    prefixes_ = std::make_unique<PrefixStore>(packed, *parts_.tokenizer, fusion_.layers, fusion_.prompt_prefix, suffix,
                                              set_->texts(), fusion_.profile_reading.kind == "attention",
                                              preparation("texts about people"), options_.cancel);
  }

  void prepare_model() {
    decoder_ = std::make_unique<nn::Decoder>(parts_.llm->config(), parts_.llm_weights(),
                                             nn::DecoderOptions{tensor_type(), false});
    frozen_sha256_ = hash_weights(*decoder_);
    FusionModules modules = build_fusion(fusion_, parts_.llm->config(), parts_.llm->weights(), *parts_.tokenizer,
                                         nn::EfficientNetLite::kChannels);
    for (std::size_t i = 0; i < fusion_.layers.size(); ++i) {
      std::tie(modules.profile[i].mean, modules.profile[i].scale) = prefixes_->statistics(i);
    }
    std::tie(modules.vision.mean, modules.vision.scale) = tokens_->statistics(set_->ratings().photos());
    Random random(config_.seed, kInitialStream);
    initialise(modules, random);
    model_ = std::make_unique<FusionModel>(*decoder_, *prefixes_, *tokens_, fusion_, std::move(modules));
    start_at_marginal();
    if (config_.trait_supervision > 0) supervision_ = std::make_unique<TraitSupervision>(*set_, fusion_);
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
    const at::Tensor logits =
        model_->forward({{0}, at::tensor({tokens_->row(photos.front(), 0)}, at::kLong), {}, {}}).logits;
    const at::Tensor wanted = at::tensor(std::vector<float>(marginal.begin(), marginal.end())).clamp_min(1e-4).log();
    model_->modules().head->bias.copy_(wanted - logits[0]);
  }

  std::int64_t take_up() {
    if (const auto found = load_checkpoint(checkpoint_file(), *optimiser_, best_, identity_)) position_ = *found;
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

  void one_step(std::int64_t step) {
    stop_if_asked(step);
    const Clock::time_point step_begun = Clock::now();
    const Drawn drawn = draw(step);
    TrainingStep report;
    report.step = step + 1;
    report.steps = steps_;
    const at::Tensor loss = loss_of(drawn, step, report);
    if (!std::isfinite(report.loss)) fail_at(step, "the loss");
    backward(loss);
    report.rate = optimiser_->schedule(step);
    report.gradient_norm = optimiser_->step(step);
    if (!std::isfinite(report.gradient_norm)) fail_at(step, "the gradient of " + first_bad_gradient());
    report.seconds = std::chrono::duration<double>(Clock::now() - step_begun).count();
    position_.step = step + 1;
    if (position_.step % config_.validate_every == 0 || position_.step == steps_) report.validation = validate();
    const double spent = std::chrono::duration<double>(Clock::now() - begun_).count();
    report.seconds_left =
        spent / static_cast<double>(position_.step - first_step_) * static_cast<double>(steps_ - position_.step);
    if (metrics_) metrics_->write(report);
    if (options_.on_step) options_.on_step(report);
    if (position_.step % config_.checkpoint_every == 0 || position_.step == steps_) save();
  }

  // A loss over the samples of all processes. Each process's gradient is that of its own samples in it.
  at::Tensor loss_of(const Drawn& drawn, std::int64_t step, TrainingStep& report) {
    const FusionModel::Output output = model_->forward(drawn.batch);
    const at::Tensor logits = group_.gather(output.logits), targets = group_.gather(drawn.targets);
    const at::Tensor predicted = expected_level(at::softmax(logits, -1)), wanted = expected_level(targets);
    const at::Tensor entropy = soft_cross_entropy(logits, targets), plcc = plcc_loss(predicted, wanted),
                     pairs = pairwise_loss(predicted, wanted);
    at::Tensor loss = entropy * config_.loss.cross_entropy;
    if (config_.loss.plcc > 0) loss = loss + plcc * config_.loss.plcc;
    if (config_.loss.pairwise > 0) loss = loss + pairs * config_.loss.pairwise;
    if (supervision_) {
      Random random(config_.seed, kSupervisionStream + static_cast<std::uint64_t>(step));
      const at::Tensor own = supervision_->loss(*model_, output, drawn.batch, drawn.photos, random) / group_.size();
      const at::Tensor all = own.detach().clone();
      group_.sum(all);
      report.supervision = all.item<double>();
      loss = loss + own * config_.trait_supervision;
    }
    report.loss = loss.item<double>();
    report.cross_entropy = entropy.item<double>();
    report.plcc = plcc.item<double>();
    report.pairwise = pairs.item<double>();
    return loss;
  }

  void backward(const at::Tensor& loss) {
    for (const auto& [name, parameter] : optimiser_->parameters()) at::Tensor(parameter).mutable_grad().reset();
    loss.backward();
    if (group_.size() == 1) return;
    std::vector<at::Tensor> flat;
    for (const auto& [name, parameter] : optimiser_->parameters()) flat.push_back(gradient(parameter).flatten());
    at::Tensor all = at::cat(flat, 0);
    group_.sum(all);
    std::int64_t at = 0;
    for (const auto& [name, parameter] : optimiser_->parameters()) {
      at::Tensor(parameter).mutable_grad() = all.narrow(0, at, parameter.numel()).view(parameter.sizes()).clone();
      at += parameter.numel();
    }
  }

  static at::Tensor gradient(const at::Tensor& parameter) {
    return parameter.grad().defined() ? parameter.grad()
                                      : at::zeros(parameter.sizes(), parameter.options().requires_grad(false));
  }

  std::string first_bad_gradient() const {
    for (const auto& [name, parameter] : optimiser_->parameters()) {
      if (parameter.grad().defined() && !at::isfinite(parameter.grad()).all().item<bool>()) return name;
    }
    return "all parameters together";
  }

  std::string first_bad_parameter() const {
    for (const auto& [name, parameter] : optimiser_->parameters()) {
      if (!at::isfinite(parameter).all().item<bool>()) return ", and so is the parameter " + name;
    }
    return "";
  }

  [[noreturn]] void fail_at(std::int64_t step, const std::string& what) const {
    throw Error(
        ErrorCode::kInternal,
        fmt::format(
            "training stopped at step {}: {} is no finite number{}; lower the learning rates or look for damaged data. "
            "The last checkpoint is good",
            step + 1, what, first_bad_parameter()));
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
    for (std::size_t i = 0; i < optimiser_->parameters().size(); ++i) {
      at::Tensor parameter = optimiser_->parameters()[i].second;
      trained.push_back(parameter.clone());
      parameter.copy_(optimiser_->average()[i]);
    }
    work();
    for (std::size_t i = 0; i < trained.size(); ++i) at::Tensor(optimiser_->parameters()[i].second).copy_(trained[i]);
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
            model_->forward({std::vector<std::uint32_t>(end - begin, 0), at::tensor(rows, at::kLong), {}, {}}).logits;
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
    for (std::size_t i = 0; i < optimiser_->parameters().size(); ++i) {
      best_.emplace_back(optimiser_->parameters()[i].first, optimiser_->average()[i].clone());
    }
  }

  void save() {
    if (group_.rank() != 0) return;
    position_.metrics_bytes = metrics_->flush();
    save_checkpoint(checkpoint_file(), *optimiser_, position_, best_, identity_);
  }

  void finish() {
    if (const std::string after = hash_weights(*decoder_); after != frozen_sha256_) {
      throw Error(ErrorCode::kInternal, "the frozen LLM's weights changed during the training; please report this");
    }
    group_.on_first([&] {
      NamedTensors tensors = fusion_buffers(fusion_, model_->modules());
      for (std::size_t i = 0; i < optimiser_->parameters().size(); ++i) {
        const auto& name = optimiser_->parameters()[i].first;
        tensors.emplace_back(name, best_.empty() ? optimiser_->average()[i] : best_[i].second);
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
  std::unique_ptr<PrefixStore> prefixes_;
  std::unique_ptr<FusionModel> model_;
  std::unique_ptr<TraitSupervision> supervision_;
  std::unique_ptr<FusionOptimiser> optimiser_;
  std::optional<MetricsFile> metrics_;

  TrainingPosition position_;
  NamedTensors best_;
  TrainingResult result_;
  std::int64_t steps_ = 0, first_step_ = 0;
  Clock::time_point begun_;
};

}  // namespace

TrainingResult train_fusion(const RatingTable& table, const ModelFolder& folder, const TrainingConfig& config,
                            const TrainingOptions& options) {
  return FusionTraining(table, folder, config, options).run();
}

}  // namespace paa
