#include "checkpoint/gguf_llama.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "checkpoint/in_quotes.h"
#include "paa/core/error.h"

namespace paa {
namespace {

struct Renamed {
  std::string_view from;
  std::string_view to;
};

constexpr auto kWholeModel = std::to_array<Renamed>({
    {"token_embd.weight", "model.embed_tokens.weight"},
    {"output_norm.weight", "model.norm.weight"},
    {"output.weight", "lm_head.weight"},
});

constexpr auto kLayer = std::to_array<Renamed>({
    {"attn_norm", "input_layernorm"},
    {"ffn_norm", "post_attention_layernorm"},
    {"attn_q", "self_attn.q_proj"},
    {"attn_k", "self_attn.k_proj"},
    {"attn_v", "self_attn.v_proj"},
    {"attn_output", "self_attn.o_proj"},
    {"ffn_gate", "mlp.gate_proj"},
    {"ffn_up", "mlp.up_proj"},
    {"ffn_down", "mlp.down_proj"},
});

// "blk.3.attn_q.weight" in its parts; nothing for other names.
struct LayerName {
  std::string_view number;
  std::string_view module;
  std::string_view kind;  ///< "weight" or "bias"
};

std::optional<LayerName> split(std::string_view name) {
  constexpr std::string_view kPrefix = "blk.";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  const auto first = name.find('.');
  const auto last = name.rfind('.');
  if (first == last) return std::nullopt;
  return LayerName{name.substr(0, first), name.substr(first + 1, last - first - 1), name.substr(last + 1)};
}

std::string hugging_face_name(std::string_view name) {
  if (const auto whole = std::ranges::find(kWholeModel, name, &Renamed::from); whole != kWholeModel.end()) {
    return std::string(whole->to);
  }
  const auto parts = split(name);
  if (!parts) return std::string(name);
  const auto module = std::ranges::find(kLayer, parts->module, &Renamed::from);
  if (module == kLayer.end()) return std::string(name);
  std::string renamed = "model.layers.";
  return renamed.append(parts->number).append(".").append(module->to).append(".").append(parts->kind);
}

bool has_interleaved_rows(std::string_view name) {
  const auto parts = split(name);
  return parts && (parts->module == "attn_q" || parts->module == "attn_k");
}

}  // namespace

GgufLlamaWeights::GgufLlamaWeights(const Gguf& gguf, const LlmConfig& config)
    : gguf_(gguf), half_head_(static_cast<std::size_t>(config.head_dim) / 2) {
  for (const auto& info : gguf.tensors()) {
    auto original = std::make_unique<Original>();
    original->name = info.name;
    original->interleaved = has_interleaved_rows(info.name);
    infos_.push_back(info);
    infos_.back().name = hugging_face_name(info.name);
    if (!originals_.emplace(infos_.back().name, std::move(original)).second) {
      throw Error(ErrorCode::kBadFormat,
                  fmt::format("{}: tensors {} and another both stand for {}; the file is damaged", gguf.origin(),
                              in_quotes(info.name), in_quotes(infos_.back().name)));
    }
  }
  std::ranges::sort(infos_, {}, &TensorInfo::name);
}

std::span<const std::byte> GgufLlamaWeights::bytes(std::string_view name) const {
  const TensorInfo& tensor = info(name);
  refuse_other_type(tensor);
  Original& original = *originals_.find(name)->second;
  if (!original.interleaved) return gguf_.bytes(original.name);
  std::call_once(original.ordered, [&] { put_in_order(tensor, original); });
  return original.rows;
}

void GgufLlamaWeights::put_in_order(const TensorInfo& info, Original& original) const {
  const auto stored = gguf_.bytes(original.name);
  const std::size_t row_count = info.shape.empty() ? 0 : static_cast<std::size_t>(info.shape[0]);
  if (row_count == 0) return;
  const std::size_t row_bytes = stored.size() / row_count;
  original.rows.resize(stored.size());
  for (std::size_t row = 0; row < row_count; ++row) {
    const std::size_t in_head = row % (2 * half_head_);
    const std::size_t source = row - in_head + 2 * (in_head % half_head_) + in_head / half_head_;
    std::memcpy(original.rows.data() + row * row_bytes, stored.data() + source * row_bytes, row_bytes);
  }
}

}  // namespace paa
