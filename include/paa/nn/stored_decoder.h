#pragma once
// One token of one sequence through a Llama-family decoder, over the weights as they lie in the file.

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/util/BFloat16.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/stored_matrix.h"
#include "paa/checkpoint/weight_source.h"
#include "paa/nn/kv_cache.h"

namespace paa::nn {

/// What Decoder::forward does for a single token, where speed is that of reading the weights once: quantised weights are
/// read as they are, and between the products nothing is dispatched. Everything is computed in fp32. Holds views of the
/// source, no weights of its own but the norms and biases. const access is thread-safe.
class StoredDecoder {
 public:
  /// Takes the canonical names that LlmCheckpoint presents. Errors: kNotFound, kMismatch, kUnsupported.
  StoredDecoder(const LlmConfig& config, std::shared_ptr<const WeightSource> weights)
      : config_(config), weights_(std::move(weights)) {
    const std::int64_t d = config_.width, q = config_.heads * config_.head_dim, kv = config_.kv_heads * config_.head_dim;
    for (int layer = 0; layer < config_.layers; ++layer) {
      const auto name = [&](const char* part) { return fmt::format("model.layers.{}.{}", layer, part); };
      const auto linear = [&](const char* part, std::int64_t out, std::int64_t in, bool bias) {
        return linear_of(name(part), out, in, bias);
      };
      blocks_.push_back({weights_->read_f32(name("input_layernorm.weight")),
                         weights_->read_f32(name("post_attention_layernorm.weight")),
                         linear("self_attn.q_proj", q, d, config_.qkv_bias), linear("self_attn.k_proj", kv, d, config_.qkv_bias),
                         linear("self_attn.v_proj", kv, d, config_.qkv_bias),
                         linear("self_attn.o_proj", d, q, config_.output_bias),
                         linear("mlp.gate_proj", config_.ffn_width, d, config_.mlp_bias),
                         linear("mlp.up_proj", config_.ffn_width, d, config_.mlp_bias),
                         linear("mlp.down_proj", d, config_.ffn_width, config_.mlp_bias)});
    }
    final_norm_ = weights_->read_f32("model.norm.weight");
    head_ = linear_of(config_.tied_head ? "model.embed_tokens" : "lm_head", config_.vocabulary, d, false);
    for (int i = 0; i < config_.head_dim; i += 2) {
      const auto exponent = static_cast<float>(i) / static_cast<float>(config_.head_dim);
      frequencies_.push_back(1 / std::pow(static_cast<float>(config_.rope_base), exponent));
    }
  }

  /// hidden: the token's embedding, (1, 1, width) float; gives its state after the last block, in the same shape. The cache
  /// grows by one; what is new in it has `type`, kFloat or kBFloat16, that of the cache if it is not empty.
  at::Tensor forward(const at::Tensor& hidden, KvCache& cache, at::ScalarType type) const {
    Scratch s(config_, cache.length() + 1);
    std::copy_n(hidden.const_data_ptr<float>(), s.hidden.size(), s.hidden.begin());
    set_angles(static_cast<float>(cache.length()), s);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const KeyValues room = cache.room(static_cast<std::int64_t>(i), 1, {1, config_.kv_heads, -1, config_.head_dim}, type);
      attend(blocks_[i], room, cache.length(), s);
      feed_forward(blocks_[i], s);
    }
    cache.advance(1);
    at::Tensor result = at::empty({1, 1, config_.width}, at::kFloat);
    std::copy(s.hidden.begin(), s.hidden.end(), result.mutable_data_ptr<float>());
    return result;
  }

  /// The final norm and the head of one state of `width` floats: (1, vocabulary) float.
  at::Tensor logits(const at::Tensor& hidden) const {
    const std::span<const float> state(hidden.const_data_ptr<float>(), static_cast<std::size_t>(config_.width));
    std::vector<float> normed(state.size());
    normalise(state, final_norm_, normed);
    at::Tensor result = at::empty({1, config_.vocabulary}, at::kFloat);
    multiply<1>({{{&head_, result.mutable_data_ptr<float>()}}}, normed);
    return result;
  }

 private:
  struct Linear {
    StoredMatrix matrix;
    std::vector<float> bias;  // empty: none
  };
  struct Block {
    std::vector<float> attention_norm, mlp_norm;
    Linear query, key, value, output, gate, up, down;
  };
  struct Product {
    const Linear* linear;
    float* to;
  };
  // What a token's way through the blocks writes to.
  struct Scratch {
    Scratch(const LlmConfig& c, std::int64_t tokens)
        : hidden(size(c.width)), normed(size(c.width)), change(size(c.width)), queries(size(c.heads * c.head_dim)),
          keys(size(c.kv_heads * c.head_dim)), values(keys.size()), mixed(queries.size()),
          scores(size(c.heads) * size(tokens)), gate(size(c.ffn_width)), up(gate.size()), cosine(size(c.head_dim) / 2),
          sine(cosine.size()) {}
    static std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }
    std::vector<float> hidden, normed, change, queries, keys, values, mixed, scores, gate, up, cosine, sine;
  };

  Linear linear_of(const std::string& name, std::int64_t out, std::int64_t in, bool bias) const {
    return {stored_matrix(*weights_, name + ".weight", out, in),
            bias ? weights_->read_f32(name + ".bias") : std::vector<float>()};
  }

  // With fewer multiplications a thread is not worth waking.
  static std::int64_t least_rows(std::size_t columns) {
    constexpr std::int64_t kLeastWork = 1 << 16;
    return std::max<std::int64_t>(1, kLeastWork / static_cast<std::int64_t>(columns));
  }

  // Rows [begin, end) of one product, of as many as `to` holds.
  static void multiply_some(const Linear& linear, std::int64_t begin, std::int64_t end, std::span<const float> x, float* to) {
    multiply_rows(linear.matrix, begin, end - begin, x.data(), to + begin);
    if (linear.bias.empty()) return;
    for (std::int64_t i = begin; i < end; ++i) to[i] += linear.bias[static_cast<std::size_t>(i)];
  }

  // All products of one vector, their rows shared out among the threads.
  template <std::size_t N>
  static void multiply(const std::array<Product, N>& products, std::span<const float> x) {
    std::int64_t rows = 0;
    for (const Product& p : products) rows += p.linear->matrix.rows;
    at::parallel_for(0, rows, least_rows(x.size()), [&](std::int64_t begin, std::int64_t end) {
      std::int64_t first = 0;  // of this product among all rows
      for (const Product& p : products) {
        const std::int64_t from = std::max(begin, first), to = std::min(end, first + p.linear->matrix.rows);
        if (from < to) multiply_some(*p.linear, from - first, to - first, x, p.to);
        first += p.linear->matrix.rows;
      }
    });
  }

  // As rms_norm().
  void normalise(std::span<const float> x, const std::vector<float>& weight, std::vector<float>& to) const {
    const double squares = std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
    const auto scale = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(x.size()) + config_.rms_epsilon));
    for (std::size_t i = 0; i < x.size(); ++i) to[i] = x[i] * scale * weight[i];
  }

  void set_angles(float position, Scratch& s) const {
    for (std::size_t i = 0; i < frequencies_.size(); ++i) {
      s.cosine[i] = std::cos(position * frequencies_[i]);
      s.sine[i] = std::sin(position * frequencies_[i]);
    }
  }

  // As rotate(), of as many heads as x holds.
  static void turn(std::vector<float>& x, const Scratch& s) {
    const std::size_t half = s.cosine.size();
    for (float* head = x.data(); head < x.data() + x.size(); head += 2 * half) {
      for (std::size_t i = 0; i < half; ++i) {
        const float a = head[i], b = head[i + half];
        head[i] = a * s.cosine[i] - b * s.sine[i];
        head[i + half] = b * s.cosine[i] + a * s.sine[i];
      }
    }
  }

  static void softmax(std::span<float> x) {
    const float most = *std::max_element(x.begin(), x.end());
    float sum = 0;
    for (float& value : x) sum += value = std::exp(value - most);
    for (float& value : x) value /= sum;
  }

  // Writes one token's heads (heads, head_dim) behind the `held` ones of each.
  void keep(const std::vector<float>& heads, const at::Tensor& room, std::int64_t held) const {
    for (std::int64_t h = 0; h < config_.kv_heads; ++h) {
      const float* from = heads.data() + h * config_.head_dim;
      const std::int64_t at = h * room.stride(1) + held * config_.head_dim;
      if (room.scalar_type() == at::kFloat) {
        std::copy_n(from, config_.head_dim, static_cast<float*>(room.mutable_data_ptr()) + at);
      } else {
        std::copy_n(from, config_.head_dim, static_cast<at::BFloat16*>(room.mutable_data_ptr()) + at);
      }
    }
  }

  // The first `rows` tokens of one head.
  StoredMatrix head_of(const at::Tensor& room, std::int64_t head, std::int64_t rows) const {
    const auto* bytes = static_cast<const std::byte*>(room.const_data_ptr());
    return stored_matrix(room.scalar_type() == at::kFloat ? DType::kF32 : DType::kBF16,
                         bytes + static_cast<std::size_t>(head * room.stride(1)) * room.element_size(), rows, config_.head_dim);
  }

  // Grouped attention of one token over `held` others and itself.
  void attend(const Block& b, const KeyValues& room, std::int64_t held, Scratch& s) const {
    normalise(s.hidden, b.attention_norm, s.normed);
    multiply<3>({{{&b.query, s.queries.data()}, {&b.key, s.keys.data()}, {&b.value, s.values.data()}}}, s.normed);
    turn(s.queries, s);
    turn(s.keys, s);
    keep(s.keys, room.keys, held);
    keep(s.values, room.values, held);
    const std::int64_t tokens = held + 1, group = config_.heads / config_.kv_heads;
    const float scale = 1 / std::sqrt(static_cast<float>(config_.head_dim));
    for (float& q : s.queries) q *= scale;
    constexpr std::int64_t kLeastWork = 1 << 15;
    const std::int64_t grain = std::max<std::int64_t>(1, kLeastWork / (tokens * config_.head_dim));
    at::parallel_for(0, config_.heads, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t h = begin; h < end; ++h) {
        const std::span<float> scores = std::span(s.scores).subspan(Scratch::size(h * tokens), Scratch::size(tokens));
        multiply_rows(head_of(room.keys, h / group, tokens), 0, tokens, s.queries.data() + h * config_.head_dim, scores.data());
        softmax(scores);
        add_rows(head_of(room.values, h / group, tokens), scores.data(), s.mixed.data() + h * config_.head_dim);
      }
    });
    multiply<1>({{{&b.output, s.change.data()}}}, s.mixed);
    std::transform(s.hidden.begin(), s.hidden.end(), s.change.begin(), s.hidden.begin(), std::plus<>());
  }

  // SwiGLU (Shazeer 2020).
  void feed_forward(const Block& b, Scratch& s) const {
    normalise(s.hidden, b.mlp_norm, s.normed);
    at::parallel_for(0, config_.ffn_width, least_rows(2 * s.normed.size()), [&](std::int64_t begin, std::int64_t end) {
      multiply_some(b.gate, begin, end, s.normed, s.gate.data());
      multiply_some(b.up, begin, end, s.normed, s.up.data());
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        s.gate[i] = s.gate[i] / (1 + std::exp(-s.gate[i])) * s.up[i];
      }
    });
    multiply<1>({{{&b.down, s.change.data()}}}, s.gate);
    std::transform(s.hidden.begin(), s.hidden.end(), s.change.begin(), s.hidden.begin(), std::plus<>());
  }

  LlmConfig config_;
  std::shared_ptr<const WeightSource> weights_;
  std::vector<Block> blocks_;
  std::vector<float> final_norm_, frequencies_;
  Linear head_;
};

}  // namespace paa::nn
