#pragma once
// A frozen decoder of the Llama family (Touvron et al. 2023), layer by layer, for those who act on its hidden states.

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/silu.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/weight_source.h"
#include "paa/core/error.h"
#include "paa/nn/attention.h"
#include "paa/nn/differentiable_block.h"
#include "paa/nn/frozen_linear.h"
#include "paa/nn/kv_cache.h"
#include "paa/nn/rms_norm.h"
#include "paa/nn/rotary.h"
#include "paa/nn/stored_decoder.h"
#include "paa/nn/tensors.h"

namespace paa::nn {

/// Number type and extent of the loaded decoder.
struct DecoderOptions {
  /// Type of the weights and of every matrix product: at::kFloat or at::kBFloat16. The residual stream, the
  /// normalisations and the softmax are fp32 always, and so is all of a single token of one sequence (StoredDecoder).
  at::ScalarType type = at::kFloat;
  /// Faster products over weights in oneDNN's own layout (FrozenLinear::pack).
  bool packed = true;
  /// Lets gradients pass through packed products, to train something through the decoder (DifferentiableBlock). Their
  /// weights are held twice.
  bool gradients = false;
  /// Blocks below it are not loaded, and with it above 0 neither embedding nor head: for those who go on from hidden states.
  std::int64_t first_block = 0;
};

/// Embedding, blocks, final norm and head over const tensors. It owns no cache: every block takes the past and gives back
/// what it adds, so callers decide what is shared. const access is thread-safe. Gradients flow through hidden states
/// (unpacked, or with DecoderOptions::gradients), never into weights.
class Decoder {
 public:
  /// What one block makes of T tokens.
  using BlockOutput = DifferentiableBlock::Output;

  /// Takes the canonical Hugging Face names and layout that LlmCheckpoint presents. Errors: kNotFound, kMismatch.
  Decoder(const LlmConfig& config, std::shared_ptr<const WeightSource> weights, const DecoderOptions& options = {})
      : config_(config), type_(options.type) {
    const std::int64_t d = config.width;
    final_norm_ = load_tensor(weights, "model.norm.weight", {d}, at::kFloat);
    if (options.first_block == 0) {
      embedding_ = load_tensor(weights, "model.embed_tokens.weight", {config.vocabulary, d}, type_);
      head_ = config.tied_head ? embedding_ : load_tensor(weights, "lm_head.weight", {config.vocabulary, d}, type_);
    }
    if (options.first_block == 0 && is_worth_reading_as_stored(*weights)) stored_.emplace(config, weights);
    blocks_.resize(static_cast<std::size_t>(config.layers));
    // Dequantising and packing are what loading costs; blocks are independent.
    at::parallel_for(options.first_block, config.layers, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) blocks_[static_cast<std::size_t>(i)] = load_block(weights, i, options);
    });
  }

  /// The sizes it was built with.
  const LlmConfig& config() const noexcept { return config_; }

  /// ids: (B, T) int64; gives the residual stream (B, T, width) float. Error: kInvalidArgument for an id out of range.
  at::Tensor embed(const at::Tensor& ids) const {
    if (ids.numel() > 0 && (ids.min().item<std::int64_t>() < 0 || ids.max().item<std::int64_t>() >= config_.vocabulary)) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("a token id lies outside the vocabulary of {}", config_.vocabulary));
    }
    return at::embedding(embedding_, ids).to(at::kFloat);
  }

  /// The angles blocks need for tokens at `positions` (B or 1, T) int64; the same for every block.
  Rotary angles(const at::Tensor& positions) const {
    return rotary(positions, config_.head_dim, config_.rope_base, type_);
  }

  /// One block. hidden: (B, T, width) float; past: (B or 1, kv_heads, P, head_dim) or empty; mask: additive float
  /// (B or 1, T, P + T) as of causal_mask(), undefined for a single token that may see everything. Where only the last
  /// `wanted` tokens are needed, little else but keys and values is computed for the others: hidden is then
  /// (B, wanted, width). -1: all.
  BlockOutput block(std::int64_t layer, const at::Tensor& hidden, const Rotary& angles, const KeyValues& past,
                    const at::Tensor& mask, std::int64_t wanted = -1) const {
    const Block& b = blocks_.at(static_cast<std::size_t>(layer));
    if (b.differentiable) return (*b.differentiable)(hidden, angles, past, mask, wanted);
    const at::Tensor x = rms_norm(hidden, b.attention_norm, config_.rms_epsilon).to(type_);
    const KeyValues added{rotate(split_heads(b.key(x)), angles).transpose(1, 2), split_heads(b.value(x)).transpose(1, 2)};
    const KeyValues all = append(past, added);
    const std::int64_t skipped = wanted < 0 ? 0 : hidden.size(1) - wanted;
    if (skipped == 0) {
      const at::Tensor queries = rotate(split_heads(b.query(x)), angles);
      return {feed_forward(b, hidden + b.output(grouped_attention(queries, all.keys, all.values, mask))), added};
    }
    const auto last = [&](const at::Tensor& whole) { return whole.narrow(1, skipped, wanted); };
    const at::Tensor queries = rotate(split_heads(b.query(last(x))), {last(angles.cosine), last(angles.sine)});
    const at::Tensor mixed = grouped_attention(queries, all.keys, all.values, mask.defined() ? last(mask) : mask);
    return {feed_forward(b, last(hidden) + b.output(mixed)), added};
  }

  /// The next T tokens of one sequence, embedded and run through every block: ids (1, T) int64 to the hidden states
  /// (1, T, width) after the last block. The cache grows by T.
  at::Tensor forward(const at::Tensor& ids, KvCache& cache) const {
    const std::int64_t tokens = ids.size(1), past = cache.length();
    if (tokens == 1 && stored_) return stored_->forward(embed(ids), cache, type_);
    const Rotary turn = angles(at::arange(past, past + tokens, at::kLong).unsqueeze(0));
    const at::Tensor mask = tokens == 1 ? at::Tensor() : causal_mask(tokens, past);
    at::Tensor hidden = embed(ids);
    for (std::int64_t i = 0; i < config_.layers; ++i) {
      BlockOutput out = block(i, hidden, turn, cache.view(i), mask);
      cache.extend(i, out.added);
      hidden = std::move(out.hidden);
    }
    cache.advance(tokens);
    return hidden;
  }

  /// The final norm and the whole head: logits (..., vocabulary) float of hidden states (..., width).
  at::Tensor logits(const at::Tensor& hidden) const {
    if (stored_ && hidden.numel() == config_.width) {
      std::vector<std::int64_t> shape = hidden.sizes().vec();
      shape.back() = config_.vocabulary;
      return stored_->logits(hidden.contiguous()).view(shape);
    }
    return at::linear(rms_norm(hidden, final_norm_, config_.rms_epsilon).to(type_), head_).to(at::kFloat);
  }

  /// Calls visit(tensor) for every weight held, in a fixed order, packed ones laid out plainly again.
  template <class Visit>
  void for_each_weight(const Visit& visit) const {
    if (embedding_.defined()) visit(embedding_);
    visit(final_norm_);
    if (embedding_.defined() && !config_.tied_head) visit(head_);
    for (const Block& b : blocks_) {
      if (b.differentiable) b.differentiable->for_each_weight(visit);
      if (!b.attention_norm.defined()) continue;
      visit(b.attention_norm);
      visit(b.mlp_norm);
      for (const FrozenLinear* l : {&b.query, &b.key, &b.value, &b.output, &b.gate, &b.up, &b.down}) l->for_each_weight(visit);
    }
  }

 private:
  struct Block {
    at::Tensor attention_norm, mlp_norm;  // (width) float
    FrozenLinear query, key, value, output, gate, up, down;
    std::shared_ptr<const DifferentiableBlock> differentiable;  // where it is there, nothing else is
  };

  // Where the file holds wider numbers than the products, converted ones are less to read.
  bool is_worth_reading_as_stored(const WeightSource& weights) const {
    const auto elements = [](const TensorInfo& info) { return static_cast<std::uint64_t>(info.elements()); };
    const auto& all = weights.tensors();
    return std::all_of(all.begin(), all.end(), [&](const TensorInfo& info) {
      return info.shape.size() != 2 || !is_float_like(info.type) ||
             byte_size(info.type, elements(info)) <= elements(info) * c10::elementSize(type_);
    });
  }

  at::Tensor split_heads(const at::Tensor& x) const { return x.view({x.size(0), x.size(1), -1, config_.head_dim}); }

  // SwiGLU (Shazeer 2020).
  at::Tensor feed_forward(const Block& b, const at::Tensor& hidden) const {
    const at::Tensor x = rms_norm(hidden, b.mlp_norm, config_.rms_epsilon).to(type_);
    return hidden + b.down(at::silu(b.gate(x)) * b.up(x));
  }

  Block load_block(const std::shared_ptr<const WeightSource>& weights, std::int64_t layer,
                   const DecoderOptions& options) const {
    const std::int64_t d = config_.width, q = config_.heads * config_.head_dim, kv = config_.kv_heads * config_.head_dim;
    const std::string prefix = fmt::format("model.layers.{}.", layer);
    const auto norm = [&](const char* name) { return load_tensor(weights, prefix + name + ".weight", {d}, at::kFloat); };
    using Loaded = std::pair<at::Tensor, at::Tensor>;  // weight, bias
    const auto load = [&](const char* name, std::int64_t out, std::int64_t in, bool bias) -> Loaded {
      return {load_tensor(weights, prefix + name + ".weight", {out, in}, type_),
              bias ? load_tensor(weights, prefix + name + ".bias", {out}, type_) : at::Tensor()};
    };
    const auto query = [&] { return load("self_attn.q_proj", q, d, config_.qkv_bias); };
    const auto key = [&] { return load("self_attn.k_proj", kv, d, config_.qkv_bias); };
    const auto value = [&] { return load("self_attn.v_proj", kv, d, config_.qkv_bias); };
    const auto output = [&] { return load("self_attn.o_proj", d, q, config_.output_bias); };
    const auto gate = [&] { return load("mlp.gate_proj", config_.ffn_width, d, config_.mlp_bias); };
    const auto up = [&] { return load("mlp.up_proj", config_.ffn_width, d, config_.mlp_bias); };
    const auto down = [&] { return load("mlp.down_proj", d, config_.ffn_width, config_.mlp_bias); };
    const at::Tensor attention_norm = norm("input_layernorm"), mlp_norm = norm("post_attention_layernorm");
    const bool has_steps = type_ == at::kFloat || type_ == at::kBFloat16;
    if (options.packed && options.gradients && has_steps && onednn::available(type_)) {
      DifferentiableBlock::Weights all{attention_norm, mlp_norm, below_each_other({query(), key(), value()}),
                                       below_each_other({output()}), below_each_other({gate(), up()}), below_each_other({down()})};
      Block block;
      block.differentiable = std::make_shared<const DifferentiableBlock>(std::move(all), config_.heads, config_.kv_heads,
                                                                         config_.head_dim, type_, config_.rms_epsilon);
      return block;
    }
    // One after another, so that no more than one is held unpacked.
    const auto linear = [&](Loaded loaded) {
      FrozenLinear result(std::move(loaded.first), std::move(loaded.second));
      if (options.packed && !options.gradients) result.pack();
      return result;
    };
    return {attention_norm, mlp_norm, linear(query()), linear(key()), linear(value()), linear(output()), linear(gate()), linear(up()),
            linear(down()), {}};
  }

  static PackedProduct below_each_other(const std::vector<std::pair<at::Tensor, at::Tensor>>& parts) {
    if (parts.size() == 1) return {parts[0].first, parts[0].second};
    std::vector<at::Tensor> weights, biases;
    for (const auto& [weight, bias] : parts) {
      weights.push_back(weight);
      if (bias.defined()) biases.push_back(bias);
    }
    return {at::cat(weights, 0), biases.empty() ? at::Tensor() : at::cat(biases, 0)};
  }

  LlmConfig config_;
  at::ScalarType type_;
  at::Tensor embedding_, head_;  // (vocabulary, width)
  at::Tensor final_norm_;        // (width) float
  std::vector<Block> blocks_;
  std::optional<StoredDecoder> stored_;  // of a single token
};

}  // namespace paa::nn
