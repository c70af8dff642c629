#pragma once
// A frozen LLM on disk, whatever its format: one configuration, one naming and one layout of its weights.

#include "paa/checkpoint/gguf.h"
#include "paa/checkpoint/weight_source.h"

namespace paa {

/// The shape of a Llama-family decoder.
struct LlmConfig {
  std::string architecture;  ///< "llama"
  int layers = 0;
  int width = 0;     ///< of the residual stream
  int heads = 0;     ///< query heads
  int kv_heads = 0;  ///< key and value heads; divides `heads`
  int head_dim = 0;  ///< even
  int ffn_width = 0;
  int vocabulary = 0;  ///< rows of the embedding
  int context = 0;     ///< positions it was trained for
  double rope_base = 10000;
  double rms_epsilon = 1e-5;
  bool tied_head = false;  ///< the head is the embedding; then lm_head.weight is not to be read
  bool qkv_bias = false;
  bool output_bias = false;  ///< of the attention's output projection
  bool mlp_bias = false;
};

/// A GGUF file or a Hugging Face folder (config.json, safetensors in one file or in shards), with every tensor that
/// the configuration asks for checked to be there, in its shape and of a type that can be read. Immutable; const access
/// is thread-safe.
class LlmCheckpoint {
 public:
  /// `path`: a GGUF file, a Hugging Face folder, or the config.json of one. Errors: kNotFound (file or tensor),
  /// kBadFormat, kMismatch (shape), kUnsupported (another architecture, RoPE scaling, sliding window, quantisation:
  /// names the key).
  static LlmCheckpoint open(const std::filesystem::path& path);

  LlmCheckpoint(LlmCheckpoint&&) noexcept;
  LlmCheckpoint& operator=(LlmCheckpoint&&) noexcept;
  ~LlmCheckpoint();

  /// Sizes and constants of the network, whatever format they were read from.
  const LlmConfig& config() const noexcept;

  /// Under Hugging Face's names (model.embed_tokens.weight, model.layers.N.self_attn.q_proj.weight ...), q and k rows
  /// in Hugging Face's order: each head's rotary pair is (i, i + head_dim / 2).
  const WeightSource& weights() const noexcept;

  /// The file itself, with the tokenizer in its metadata. Null for a Hugging Face folder.
  const Gguf* gguf() const noexcept;
  /// The Hugging Face folder, where tokenizer.json or tokenizer.model and their settings lie. Empty for GGUF.
  const std::filesystem::path& folder() const noexcept;
  /// The chat template (Jinja) that came with the model; empty if none did.
  const std::string& chat_template() const noexcept;

 private:
  struct Impl;
  explicit LlmCheckpoint(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace paa
