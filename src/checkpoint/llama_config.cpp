#include "checkpoint/llama_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <set>

#include "checkpoint/in_quotes.h"
#include "paa/core/error.h"
#include "paa/core/json.h"

namespace paa {
namespace {

[[noreturn]] void refuse(const std::string& origin, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, fmt::format("{}: {}", origin, what));
}

// The numbers a damaged file could have made senseless. What the tensors say about them is checked with the tensors.
void check_numbers(const LlmConfig& config, const std::string& origin) {
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: the model's configuration is impossible: {}", origin, what));
  };
  constexpr int kMost = 1 << 24;
  const std::initializer_list<std::pair<const char*, int>> sizes = {
      {"layers", config.layers},     {"width", config.width},           {"heads", config.heads},
      {"kv_heads", config.kv_heads}, {"head_dim", config.head_dim},     {"ffn_width", config.ffn_width},
      {"context", config.context},   {"vocabulary", config.vocabulary},
  };
  for (const auto& [name, value] : sizes) {
    if (value < 1 || value > kMost) fail(fmt::format("{} is {}, it must be from 1 to {}", name, value, kMost));
  }
  if (config.heads % config.kv_heads != 0) {
    fail(fmt::format("{} kv_heads do not divide {} heads", config.kv_heads, config.heads));
  }
  if (config.head_dim % 2 != 0) fail(fmt::format("head_dim is {}, it must be even", config.head_dim));
  if (!(config.rope_base > 1) || !std::isfinite(config.rope_base))
    fail(fmt::format("rope_base is {}", config.rope_base));
  if (!(config.rms_epsilon > 0) || !(config.rms_epsilon < 1))
    fail(fmt::format("rms_epsilon is {}", config.rms_epsilon));
}

// Reads the keys "llama.*" of a GGUF file.
class GgufKeys {
 public:
  explicit GgufKeys(const Gguf& gguf) : gguf_(gguf) {}

  int required(const std::string& key) const {
    const auto value = find(key);
    if (!value)
      throw Error(ErrorCode::kBadFormat, fmt::format("{}: metadata {} is missing", gguf_.origin(), in_quotes(key)));
    return *value;
  }

  // An integer, or an array of integers (one a layer) that are all the same.
  std::optional<int> find(const std::string& key) const {
    const auto found = gguf_.metadata().find(key);
    if (found == gguf_.metadata().end()) return std::nullopt;
    if (found->second.type() != GgufType::kArray) return narrow(key, *gguf_.find_integer(key));
    const auto values = *gguf_.find_integers(key);
    if (values.empty() || std::ranges::any_of(values, [&](std::int64_t v) { return v != values[0]; })) {
      refuse(gguf_.origin(),
             fmt::format("metadata {} differs from layer to layer, which is not supported", in_quotes(key)));
    }
    return narrow(key, values[0]);
  }

  // Refuses a number that changes what the model computes, unless it is absent or `harmless`.
  void only(const std::string& key, double harmless) const {
    const auto value = gguf_.find_number(key);
    if (value && *value != harmless)
      refuse(gguf_.origin(), fmt::format("metadata {} = {} is not supported", in_quotes(key), *value));
  }

 private:
  int narrow(const std::string& key, std::int64_t value) const {
    if (value == static_cast<int>(value)) return static_cast<int>(value);
    throw Error(ErrorCode::kBadFormat,
                fmt::format("{}: metadata {} = {} is out of range", gguf_.origin(), in_quotes(key), value));
  }

  const Gguf& gguf_;
};

void refuse_gguf_variants(const Gguf& gguf, const GgufKeys& keys, int head_dim) {
  const auto scaling = gguf.find_string("llama.rope.scaling.type");
  if (scaling && *scaling != "none") {
    refuse(gguf.origin(),
           fmt::format("metadata \"llama.rope.scaling.type\" = {} is not supported", in_quotes(*scaling)));
  }
  keys.only("llama.rope.scale_linear", 1);
  keys.only("llama.rope.scaling.factor", 1);
  keys.only("llama.attention.sliding_window", 0);
  keys.only("llama.expert_count", 0);
  keys.only("llama.logit_scale", 1);
  keys.only("llama.attention.value_length", head_dim);
  keys.only("llama.rope.dimension_count", head_dim);
}

// Reads the keys of a config.json.
class HuggingFaceKeys {
 public:
  HuggingFaceKeys(const Json& config, const std::string& origin)
      : config_(config), reader_(config, origin), origin_(origin) {}

  const JsonReader& read() const { return reader_; }

  // Refuses a value that changes what the model computes, unless the key is absent, null or one of `harmless`.
  void only(const char* key, std::initializer_list<Json> harmless) const {
    const auto found = config_.find(key);
    if (found == config_.end() || found->is_null() || std::ranges::find(harmless, *found) != harmless.end()) return;
    refuse(origin_, fmt::format("\"{}\": {} is not supported", key, clipped(*found)));
  }

  // rope_theta stands by itself or, since transformers 5, in rope_parameters; rope_scaling is rope_parameters' old
  // name.
  double rope_base() const {
    double base = reader_.get_or("rope_theta", 10000.0);
    for (const char* key : {"rope_scaling", "rope_parameters"}) {
      const auto rope = config_.find(key);
      if (rope == config_.end() || rope->is_null()) continue;
      const JsonReader fields = reader_.object(key);
      const auto type = fields.get_or("rope_type", fields.get_or("type", std::string("default")));
      if (type != "default") refuse(origin_, fmt::format("\"{}\": the type {} is not supported", key, in_quotes(type)));
      if (fields.get_or("partial_rotary_factor", 1.0) != 1.0) {
        refuse(origin_, fmt::format("\"{}.partial_rotary_factor\" is not supported", key));
      }
      base = fields.get_or("rope_theta", base);
    }
    return base;
  }

 private:
  static std::string clipped(const Json& value) {
    const auto text = to_text(value);
    return text.size() <= 100 ? text : text.substr(0, 100) + "...";
  }

  const Json& config_;
  JsonReader reader_;
  std::string origin_;
};

// Checks the tensors one by one and remembers them, to name those that nobody asked for.
class TensorCheck {
 public:
  explicit TensorCheck(const WeightSource& weights) : weights_(weights) {}

  void expect(const std::string& name, const std::vector<std::int64_t>& shape) {
    const TensorInfo& tensor = weights_.expect_shape(name, shape);
    if (!is_float_like(tensor.type)) {
      refuse(weights_.origin(),
             fmt::format("tensor {} has the element type {}, which is not read; use a file in F32, F16, "
                         "BF16, Q8_0, Q4_0 or Q4_1",
                         in_quotes(name), tensor.type == DType::kOther ? tensor.other_type : to_string(tensor.type)));
    }
    expected_.insert(name);
  }

  // A weight of `out` x `in`, and its bias if there is one.
  void expect_linear(const std::string& name, std::int64_t out, std::int64_t in, bool bias) {
    expect(name + ".weight", {out, in});
    if (bias) expect(name + ".bias", {out});
  }

  void refuse_others() const {
    for (const auto& tensor : weights_.tensors()) {
      // Old checkpoints hold the rotary frequencies, which follow from the configuration.
      if (expected_.contains(tensor.name) || tensor.name.ends_with(".rotary_emb.inv_freq")) continue;
      if (tensor.name == "lm_head.weight") continue;  // beside a tied head: a copy of the embedding
      refuse(weights_.origin(), fmt::format("tensor {} is none of this Llama's, so the model computes something else",
                                            in_quotes(tensor.name)));
    }
  }

 private:
  const WeightSource& weights_;
  std::set<std::string> expected_;
};

}  // namespace

LlmConfig read_gguf_config(const Gguf& gguf) {
  const auto architecture = gguf.find_string("general.architecture");
  if (!architecture)
    throw Error(ErrorCode::kBadFormat, gguf.origin() + ": metadata \"general.architecture\" is missing");
  if (*architecture != "llama") {
    refuse(gguf.origin(), fmt::format("metadata \"general.architecture\" = {} is not supported; \"llama\" is",
                                      in_quotes(*architecture)));
  }
  const GgufKeys keys(gguf);
  LlmConfig config;
  config.architecture = *architecture;
  config.layers = keys.required("llama.block_count");
  config.width = keys.required("llama.embedding_length");
  config.ffn_width = keys.required("llama.feed_forward_length");
  config.context = keys.required("llama.context_length");
  config.heads = keys.required("llama.attention.head_count");
  config.kv_heads = keys.find("llama.attention.head_count_kv").value_or(config.heads);
  config.head_dim =
      keys.find("llama.attention.key_length").value_or(config.heads > 0 ? config.width / config.heads : 0);
  config.rope_base = gguf.find_number("llama.rope.freq_base").value_or(10000);
  const auto epsilon = gguf.find_number("llama.attention.layer_norm_rms_epsilon");
  if (!epsilon) {
    throw Error(ErrorCode::kBadFormat,
                gguf.origin() + ": metadata \"llama.attention.layer_norm_rms_epsilon\" is missing");
  }
  config.rms_epsilon = *epsilon;
  refuse_gguf_variants(gguf, keys, config.head_dim);

  const TensorInfo& embedding = gguf.info("token_embd.weight");
  const auto rows = embedding.shape.empty() ? 0 : embedding.shape[0];
  config.vocabulary = static_cast<int>(std::clamp<std::int64_t>(rows, 0, std::numeric_limits<int>::max()));
  keys.only("llama.vocab_size", config.vocabulary);
  config.tied_head = gguf.find("output.weight") == nullptr;
  config.qkv_bias = gguf.find("blk.0.attn_q.bias") != nullptr;
  config.output_bias = gguf.find("blk.0.attn_output.bias") != nullptr;
  config.mlp_bias = gguf.find("blk.0.ffn_up.bias") != nullptr;
  check_numbers(config, gguf.origin());
  return config;
}

LlmConfig read_hugging_face_config(const std::filesystem::path& path) {
  const std::string origin = path.string();
  const Json document = read_json(path);
  const HuggingFaceKeys keys(document, origin);
  const JsonReader& reader = keys.read();
  LlmConfig config;
  config.architecture = reader.get<std::string>("model_type");
  if (config.architecture != "llama") {
    refuse(origin, fmt::format("\"model_type\": {} is not supported; \"llama\" is", in_quotes(config.architecture)));
  }
  keys.only("hidden_act", {"silu"});
  keys.only("quantization_config", {});
  keys.only("sliding_window", {});
  keys.only("partial_rotary_factor", {1.0});
  config.layers = reader.get<int>("num_hidden_layers");
  config.width = reader.get<int>("hidden_size");
  config.heads = reader.get<int>("num_attention_heads");
  config.kv_heads = reader.get_or("num_key_value_heads", config.heads);
  config.head_dim = reader.get_or("head_dim", config.heads > 0 ? config.width / config.heads : 0);
  config.ffn_width = reader.get<int>("intermediate_size");
  config.vocabulary = reader.get<int>("vocab_size");
  config.context = reader.get_or("max_position_embeddings", 2048);
  config.rope_base = keys.rope_base();
  config.rms_epsilon = reader.get_or("rms_norm_eps", 1e-6);
  config.tied_head = reader.get_or("tie_word_embeddings", false);
  config.qkv_bias = config.output_bias = reader.get_or("attention_bias", false);
  config.mlp_bias = reader.get_or("mlp_bias", false);
  check_numbers(config, origin);
  return config;
}

void check_llama_tensors(const LlmConfig& config, const WeightSource& weights) {
  const std::int64_t width = config.width;
  const std::int64_t queries = std::int64_t{config.heads} * config.head_dim;
  const std::int64_t keys = std::int64_t{config.kv_heads} * config.head_dim;
  TensorCheck check(weights);
  check.expect("model.embed_tokens.weight", {config.vocabulary, width});
  check.expect("model.norm.weight", {width});
  if (!config.tied_head) check.expect("lm_head.weight", {config.vocabulary, width});
  for (int i = 0; i < config.layers; ++i) {
    const auto layer = fmt::format("model.layers.{}.", i);
    check.expect(layer + "input_layernorm.weight", {width});
    check.expect(layer + "post_attention_layernorm.weight", {width});
    check.expect_linear(layer + "self_attn.q_proj", queries, width, config.qkv_bias);
    check.expect_linear(layer + "self_attn.k_proj", keys, width, config.qkv_bias);
    check.expect_linear(layer + "self_attn.v_proj", keys, width, config.qkv_bias);
    check.expect_linear(layer + "self_attn.o_proj", width, queries, config.output_bias);
    check.expect_linear(layer + "mlp.gate_proj", config.ffn_width, width, config.mlp_bias);
    check.expect_linear(layer + "mlp.up_proj", config.ffn_width, width, config.mlp_bias);
    check.expect_linear(layer + "mlp.down_proj", width, config.ffn_width, config.mlp_bias);
  }
  check.refuse_others();
}

}  // namespace paa
