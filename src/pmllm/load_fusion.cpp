#include "load_fusion.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string>

#include "paa/core/error.h"
#include "paa/nn/tensors.h"

namespace paa {
namespace {

nn::GateGranularity granularity(const std::string& name) {
  if (name == "none") return nn::GateGranularity::kNone;
  if (name == "scalar") return nn::GateGranularity::kScalar;
  return name == "channel" ? nn::GateGranularity::kChannel : nn::GateGranularity::kHead;
}

nn::SelectiveFusionOptions module_options(const FusionConfig& config, std::int64_t hidden_width,
                                          std::int64_t vision_width) {
  nn::SelectiveFusionOptions options;
  options.hidden_width = hidden_width;
  options.vision_width = vision_width;
  options.width = config.width;
  options.heads = config.heads;
  options.gate_reads_hidden = config.gate.reads_hidden;
  options.gate_reads_visual = config.gate.reads_visual;
  options.gate_reads_profile = config.gate.reads_profile;
  options.granularity = granularity(config.gate.granularity);
  options.update = config.update == "absolute" ? nn::UpdateKind::kAbsolute : nn::UpdateKind::kRelative;
  return options;
}

nn::TasteFusionOptions taste_options(const FusionConfig::Taste& config, std::int64_t hidden_width,
                                     std::int64_t vision_width) {
  return {vision_width,
          config.width,
          {hidden_width, config.reader_width, config.reader_heads, config.reader_pools, config.reading}};
}

// Reads tensors by name and remembers which: what nobody has read is no part of this configuration.
class Reader {
 public:
  explicit Reader(std::shared_ptr<const WeightSource> weights) : weights_(std::move(weights)) {}

  at::Tensor read(const std::string& name, const std::vector<std::int64_t>& shape) {
    read_.insert(name);
    return nn::load_tensor(weights_, name, shape, at::kFloat).clone();
  }

  void fill(torch::nn::Module& module, const std::string& prefix) {
    for (auto& parameter : module.named_parameters()) {
      parameter.value().set_data(read(prefix + parameter.key(), parameter.value().sizes().vec()));
      parameter.value().set_requires_grad(false);
    }
  }

  Standardisation standardisation(const std::string& prefix, std::int64_t width) {
    Standardisation result{read(prefix + ".mean", {width}), read(prefix + ".scale", {width})};
    if (!result.scale.gt(0).all().item<bool>()) {
      throw Error(ErrorCode::kBadFormat,
                  fmt::format("{}: {}.scale must be positive throughout", weights_->origin(), prefix));
    }
    return result;
  }

  void refuse_unread() const {
    for (const TensorInfo& tensor : weights_->tensors()) {
      if (!read_.contains(tensor.name)) {
        throw Error(ErrorCode::kBadFormat, fmt::format("{}: its configuration has no place for the tensor {}",
                                                       weights_->origin(), tensor.name));
      }
    }
  }

 private:
  std::shared_ptr<const WeightSource> weights_;
  std::set<std::string> read_;
};

std::vector<std::int64_t> first_tokens(const FusionConfig& config, const Tokenizer& tokenizer) {
  std::vector<std::int64_t> ids;
  for (const std::string& word : config.rating_words) {
    const auto tokens = tokenizer.encode(word);
    if (tokens.empty()) throw Error(ErrorCode::kInvalidArgument, "a rating word of the fusion file is empty");
    ids.push_back(tokens.front());
  }
  if (std::set(ids.begin(), ids.end()).size() != ids.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("two of the rating words{} begin with the same token of this LLM; choose other words",
                            fmt::join(config.rating_words, ",")));
  }
  return ids;
}

// The LM head's rows of the rating words, times the final norm's weight, in fp32: bf16 steps by .125 near 20.
at::Tensor rating_rows(const FusionConfig& config, const LlmConfig& llm, const WeightSource& weights,
                       const Tokenizer& tokenizer) {
  const std::string head = llm.tied_head ? "model.embed_tokens.weight" : "lm_head.weight";
  at::Tensor rows = at::empty({static_cast<std::int64_t>(config.rating_words.size()), llm.width}, at::kFloat);
  const auto ids = first_tokens(config, tokenizer);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    at::Tensor row = rows[static_cast<std::int64_t>(i)];
    weights.read_rows(head, ids[i], 1, DType::kF32,
                      {reinterpret_cast<std::byte*>(row.mutable_data_ptr<float>()), row.nbytes()});
  }
  at::Tensor norm = at::empty({llm.width}, at::kFloat);
  weights.read("model.norm.weight", DType::kF32,
               {reinterpret_cast<std::byte*>(norm.mutable_data_ptr<float>()), norm.nbytes()});
  return rows * norm;
}

}  // namespace

void check_layers(const FusionConfig& config, const LlmConfig& llm) {
  if (config.layers.back() >= llm.layers) {
    throw Error(ErrorCode::kMismatch, fmt::format("{}: fuses into layer {}, but the LLM has {} layers", config.name,
                                                  config.layers.back(), llm.layers));
  }
}

FusionModules build_fusion(const FusionConfig& config, const LlmConfig& llm, const WeightSource& llm_weights,
                           const Tokenizer& tokenizer, std::int64_t vision_width) {
  check_layers(config, llm);
  FusionModules modules;
  for (std::size_t i = 0; i < config.layers.size(); ++i) {
    modules.fusion.emplace_back(module_options(config, llm.width, vision_width));
    modules.profile.push_back({at::zeros({llm.width}), at::ones({llm.width})});
  }
  if (config.taste) {
    modules.taste = nn::TasteFusion(taste_options(*config.taste, llm.width, vision_width));
    modules.taste_tokens = {at::zeros({llm.width}), at::ones({llm.width})};
  }
  modules.vision = {at::zeros({vision_width}), at::ones({vision_width})};
  modules.head = nn::RatingHead(rating_rows(config, llm, llm_weights, tokenizer));
  return modules;
}

FusionModules load_fusion(const FusionConfig& config, const std::shared_ptr<const WeightSource>& weights,
                          const LlmConfig& llm, const WeightSource& llm_weights, const Tokenizer& tokenizer,
                          std::int64_t vision_width) {
  const c10::NoGradGuard no_grad;
  FusionModules modules = build_fusion(config, llm, llm_weights, tokenizer, vision_width);
  Reader reader(weights);
  for (std::size_t i = 0; i < config.layers.size(); ++i) {
    reader.fill(*modules.fusion[i], fmt::format("fusion.{}.", config.layers[i]));
    modules.profile[i] = reader.standardisation(fmt::format("profile.{}", config.layers[i]), llm.width);
  }
  if (modules.taste) {
    reader.fill(*modules.taste, "taste.");
    modules.taste_tokens = reader.standardisation("taste_tokens", llm.width);
  }
  modules.vision = reader.standardisation("vision", vision_width);
  reader.fill(*modules.head, "readout.");
  reader.refuse_unread();
  return modules;
}

at::Tensor profile_state(const FusionModules& modules, std::size_t module, const at::Tensor& tokens) {
  const Standardisation& s = modules.profile[module];
  return nn::normalise_profile(tokens.mean(1), s.mean, s.scale);
}

at::Tensor stated_taste(const FusionModules& modules, const at::Tensor& tokens, const at::Tensor& present) {
  const Standardisation& s = modules.taste_tokens;
  return modules.taste->taste(nn::normalise_profile(tokens, s.mean, s.scale), present);
}

NamedTensors fusion_parameters(const FusionConfig& config, const FusionModules& modules) {
  NamedTensors tensors;
  for (std::size_t i = 0; i < config.layers.size(); ++i) {
    for (const auto& parameter : modules.fusion[i]->named_parameters()) {
      tensors.emplace_back(fmt::format("fusion.{}.{}", config.layers[i], parameter.key()), parameter.value());
    }
  }
  if (modules.taste) {
    for (const auto& parameter : modules.taste->named_parameters()) {
      tensors.emplace_back("taste." + parameter.key(), parameter.value());
    }
  }
  for (const auto& parameter : modules.head->named_parameters()) {
    tensors.emplace_back("readout." + parameter.key(), parameter.value());
  }
  return tensors;
}

NamedTensors fusion_buffers(const FusionConfig& config, const FusionModules& modules) {
  NamedTensors tensors;
  for (std::size_t i = 0; i < config.layers.size(); ++i) {
    tensors.emplace_back(fmt::format("profile.{}.mean", config.layers[i]), modules.profile[i].mean);
    tensors.emplace_back(fmt::format("profile.{}.scale", config.layers[i]), modules.profile[i].scale);
  }
  if (modules.taste) {
    tensors.emplace_back("taste_tokens.mean", modules.taste_tokens.mean);
    tensors.emplace_back("taste_tokens.scale", modules.taste_tokens.scale);
  }
  tensors.emplace_back("vision.mean", modules.vision.mean);
  tensors.emplace_back("vision.scale", modules.vision.scale);
  return tensors;
}

}  // namespace paa
