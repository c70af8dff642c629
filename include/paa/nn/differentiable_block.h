#pragma once
// A frozen block of a Llama-family decoder that passes gradients to what it is given, never to its weights.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/util/intrusive_ptr.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "paa/core/error.h"
#include "paa/nn/kv_cache.h"
#include "paa/nn/packed_product.h"
#include "paa/nn/rotary.h"
#include "paa/nn/tensor_steps.h"

namespace paa::nn {

/// Attention and feed-forward of one block, each one node of the graph whose backward is written by hand: products that
/// share their input are one, and what lies between products is one pass over memory (TensorSteps). Faster than the same
/// out of single operators (docs/benchmarks.md), with values and gradients within 1e-5 of theirs in fp32. Gradients of
/// gradients are refused. Graphs share in owning the block, so it is made by std::make_shared. const access is thread-safe.
class DifferentiableBlock : public std::enable_shared_from_this<DifferentiableBlock> {
 public:
  /// The block's norms, (width) float, and products: queries, keys and values are one, and so are gate and up.
  struct Weights {
    at::Tensor attention_norm, mlp_norm;
    PackedProduct qkv, output, gate_up, down;
  };
  /// What a block makes of T tokens.
  struct Output {
    at::Tensor hidden;  ///< (B, T, width) float
    KeyValues added;    ///< of the T tokens only
  };

  /// heads: a multiple of kv_heads, each of d numbers. type: of the products, at::kFloat or at::kBFloat16. epsilon: of the norms.
  DifferentiableBlock(Weights weights, std::int64_t heads, std::int64_t kv_heads, std::int64_t d, at::ScalarType type, double epsilon)
      : weights_(std::move(weights)), kv_heads_(kv_heads), d_(d), steps_(type, heads, kv_heads, d, epsilon) {}

  DifferentiableBlock(const DifferentiableBlock&) = delete;
  DifferentiableBlock& operator=(const DifferentiableBlock&) = delete;

  /// Arguments as of Decoder::block(). Gradients reach `hidden` and `past`. Error: kInvalidArgument for sizes that do not
  /// go together.
  Output operator()(const at::Tensor& hidden, const Rotary& angles, const KeyValues& past, const at::Tensor& mask,
                    std::int64_t wanted) const {
    // The graph takes no undefined tensors.
    const auto held = [&](const at::Tensor& x) { return x.defined() ? x : at::empty({1, kv_heads_, 0, d_}, steps_.type()); };
    check(hidden, angles, past, mask);
    const auto typed = [&](const at::Tensor& x) { return x.to(steps_.type()).contiguous(); };
    const Setting setting{shared_from_this(), {typed(angles.cosine), typed(angles.sine)},
                          mask.defined() ? mask.contiguous() : mask, wanted < 0 ? hidden.size(1) : wanted};
    const auto attended = Attention::apply(hidden.contiguous(), held(past.keys), held(past.values), setting);
    return {FeedForward::apply(attended[0], setting.block), {attended[1], attended[2]}};
  }

  /// Calls visit(tensor) for every weight.
  template <class Visit>
  void for_each_weight(const Visit& visit) const {
    visit(weights_.attention_norm);
    visit(weights_.mlp_norm);
    for (const PackedProduct* p : {&weights_.qkv, &weights_.output, &weights_.gate_up, &weights_.down}) p->for_each_weight(visit);
  }

 private:
  using Shared = std::shared_ptr<const DifferentiableBlock>;

  // What attention is given beside the tensors that gradients reach.
  struct Setting {
    Shared block;
    Rotary angles;
    at::Tensor mask;
    std::int64_t wanted;
  };

  using Context = torch::autograd::AutogradContext;
  using Tensors = torch::autograd::variable_list;

  // Rows are read and written through addresses.
  void check(const at::Tensor& hidden, const Rotary& angles, const KeyValues& past, const at::Tensor& mask) const {
    const auto fits = [](const at::Tensor& x, std::vector<std::int64_t> shape) {
      if (x.dim() != static_cast<std::int64_t>(shape.size())) return false;
      if (x.size(0) == 1) shape[0] = 1;  // shared by all items
      return x.sizes() == at::IntArrayRef(shape);
    };
    const bool is_stream = hidden.dim() == 3 && hidden.scalar_type() == at::kFloat && hidden.size(2) == weights_.attention_norm.size(0);
    if (!is_stream) throw Error(ErrorCode::kInvalidArgument, "hidden states must be float of shape (items, tokens, width of the LLM)");
    const std::int64_t items = hidden.size(0), tokens = hidden.size(1);
    if (!fits(angles.cosine, {items, tokens, 1, d_}) || !fits(angles.sine, {items, tokens, 1, d_})) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the angles are not those of {} tokens of {} items", tokens, items));
    }
    if (mask.defined() && (mask.scalar_type() != at::kFloat || !fits(mask, {items, tokens, past.length() + tokens}))) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the mask must be float of shape ({} or 1, {}, {})", items, tokens, past.length() + tokens));
    }
  }

  // A block in a node's saved data.
  struct Owner : torch::CustomClassHolder {
    explicit Owner(Shared owned) : block(std::move(owned)) {}
    Shared block;
  };

  static void save(Context* context, const Shared& block, Tensors tensors) {
    context->save_for_backward(std::move(tensors));
    context->saved_data["block"] = c10::IValue::make_capsule(c10::make_intrusive<Owner>(block));
  }
  static const DifferentiableBlock& saved_block(Context* context) {
    if (c10::GradMode::is_enabled()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "gradients of gradients do not pass through packed blocks: load the decoder with packed = false");
    }
    return *static_cast<const Owner&>(*context->saved_data["block"].toCapsule()).block;
  }

  struct FeedForward : torch::autograd::Function<FeedForward> {
    static at::Tensor forward(Context* context, const at::Tensor& hidden, const Shared& b) {
      const auto& [w, steps] = std::tie(b->weights_, b->steps_);
      const NormedRows x = steps.normalise(hidden, w.mlp_norm);
      const at::Tensor gate_up = w.gate_up.forward(x.rows);
      save(context, b, {hidden, x.scales, gate_up});
      return steps.add(hidden, w.down.forward(steps.gate(gate_up)));
    }
    static Tensors backward(Context* context, const Tensors& gradients) {
      const DifferentiableBlock& b = saved_block(context);
      const auto& [w, steps] = std::tie(b.weights_, b.steps_);
      const Tensors saved = context->get_saved_variables();
      const at::Tensor &hidden = saved[0], &scales = saved[1], &gate_up = saved[2], passed = gradients[0].contiguous();
      const at::Tensor to_gated = w.down.backward(passed.to(steps.type()));
      const at::Tensor to_normed = w.gate_up.backward(steps.gate_backward(gate_up, to_gated));
      return {steps.normalise_backward(to_normed, hidden, w.mlp_norm, scales, passed), {}};
    }
  };

  // Grouped attention (Ainslie et al. 2023) as grouped_attention() computes it.
  struct Attention : torch::autograd::Function<Attention> {
    static Tensors forward(Context* context, const at::Tensor& hidden, const at::Tensor& past_keys,
                           const at::Tensor& past_values, const Setting& setting) {
      const DifferentiableBlock& b = *setting.block;
      const auto& [w, steps] = std::tie(b.weights_, b.steps_);
      const auto last = [&](const at::Tensor& x, std::int64_t axis) {
        return x.narrow(axis, x.size(axis) - setting.wanted, setting.wanted).contiguous();
      };
      const NormedRows x = steps.normalise(hidden, w.attention_norm);
      const BlockHeads own = steps.split(w.qkv.forward(x.rows), setting.angles);
      const at::Tensor queries = last(own.queries, 2);
      const KeyValues all = append({past_keys, past_values}, {own.keys, own.values});
      const at::Tensor scores = at::bmm(b.grouped(queries), b.grouped(all.keys).transpose(1, 2));
      const at::Tensor shares = steps.softmax(scores, setting.mask, setting.wanted);
      const at::Tensor mixed = at::bmm(shares, b.grouped(all.values)).view(queries.sizes()).transpose(1, 2).flatten(2);
      context->set_materialize_grads(false);
      context->saved_data["past_items"] = past_keys.size(0);
      save(context, setting.block, {hidden, x.scales, queries, all.keys, all.values, shares, setting.angles.cosine, setting.angles.sine});
      return {steps.add(last(hidden, 1), w.output.forward(mixed)), own.keys, own.values};
    }

    static Tensors backward(Context* context, const Tensors& gradients) {
      const DifferentiableBlock& b = saved_block(context);
      const auto& [w, steps] = std::tie(b.weights_, b.steps_);
      const Tensors saved = context->get_saved_variables();
      const at::Tensor &hidden = saved[0], &scales = saved[1], &queries = saved[2], &keys = saved[3], &values = saved[4],
                       &shares = saved[5];
      const std::int64_t tokens = hidden.size(1), wanted = queries.size(2);
      const at::Tensor passed =
          gradients[0].defined() ? gradients[0].contiguous() : at::zeros({hidden.size(0), wanted, hidden.size(2)}, at::kFloat);
      const at::Tensor to_mixed = b.by_head(w.output.backward(passed.to(steps.type())));
      const at::Tensor to_scores = steps.softmax_backward(at::bmm(to_mixed, b.grouped(values).transpose(1, 2)), shares);
      const at::Tensor to_queries = at::bmm(to_scores, b.grouped(keys)).view(queries.sizes());
      const Cached to_keys = b.to_cached(context, 1, to_scores, b.grouped(queries), tokens, gradients[1]);
      const Cached to_values = b.to_cached(context, 2, shares, to_mixed, tokens, gradients[2]);
      const at::Tensor to_qkv = steps.join({on_last(to_queries, 2, tokens), to_keys.added, to_values.added}, {saved[6], saved[7]});
      return {steps.normalise_backward(w.qkv.backward(to_qkv), hidden, w.attention_norm, scales, on_last(passed, 1, tokens)),
              to_keys.past, to_values.past, {}};
    }
  };

  // (B, heads or kv_heads, T, d) with the heads that share keys as if they were tokens: (B * kv_heads, rows, d).
  at::Tensor grouped(const at::Tensor& heads) const { return heads.contiguous().view({heads.size(0) * kv_heads_, -1, d_}); }

  // Heads side by side (B, T, heads * d), grouped.
  at::Tensor by_head(const at::Tensor& x) const { return grouped(x.view({x.size(0), x.size(1), -1, d_}).transpose(1, 2)); }

  // Gradients of keys or values.
  struct Cached {
    at::Tensor past;   // as it was given; undefined where nobody asks for it
    at::Tensor added;  // (B, kv_heads, T, d)
  };

  // From `by_query` (B * kv_heads, rows, S), what a row of queries gives to each of S tokens, times those rows (.., rows, d),
  // and the gradient of what was added, if any. input: the past's number among the inputs.
  Cached to_cached(Context* context, std::size_t input, const at::Tensor& by_query, const at::Tensor& rows, std::int64_t tokens,
                   const at::Tensor& given) const {
    const std::int64_t past = by_query.size(2) - tokens;
    const auto times = [&](std::int64_t from, std::int64_t count) {
      return at::bmm(by_query.narrow(2, from, count).transpose(1, 2), rows).view({by_query.size(0) / kv_heads_, kv_heads_, count, d_});
    };
    Cached result{{}, times(past, tokens)};
    if (given.defined()) result.added = (result.added + given).contiguous();
    if (!context->needs_input_grad(input)) return result;
    result.past = times(0, past);
    if (context->saved_data["past_items"].toInt() == 1) result.past = result.past.sum(0, true);
    return result;
  }

  // `x` as the last part of an axis of `size`, zeros before it.
  static at::Tensor on_last(const at::Tensor& x, std::int64_t axis, std::int64_t size) {
    if (x.size(axis) == size) return x;
    std::vector<std::int64_t> before = x.sizes().vec();
    before[static_cast<std::size_t>(axis)] = size - x.size(axis);
    return at::cat({at::zeros(before, x.options()), x}, axis);
  }

  Weights weights_;
  std::int64_t kv_heads_, d_;
  TensorSteps steps_;
};

}  // namespace paa::nn
