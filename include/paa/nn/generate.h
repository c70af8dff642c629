#pragma once
// Text from a frozen decoder, token by token.

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paa/core/error.h"
#include "paa/core/progress.h"
#include "paa/nn/decoder.h"
#include "paa/nn/kv_cache.h"
#include "paa/text/stream_decoder.h"
#include "paa/text/tokenizer.h"

namespace paa::nn {

/// How tokens are chosen and when generation ends.
struct GenerateOptions {
  int max_tokens = 256;
  double temperature = 0;  ///< 0: greedy, the most likely token each time
  double top_p = 1;        ///< sample among the most likely tokens that together have this probability, 0 < p <= 1
  std::uint64_t seed = 0;  ///< of the sampling; the same seed gives the same text on one machine
  std::vector<std::string> stop;        ///< generation ends before the first of these strings; it is not part of the text
  std::vector<TokenId> end_tokens;      ///< generation ends at these; empty: the tokenizer's eos
  /// If set, asked before each token for those that may come next, given those so far; end tokens among them where the
  /// text may end. None: it ends (kEnd).
  std::function<std::vector<TokenId>(std::span<const TokenId> so_far)> allowed;
};

/// What ended a generation: an end token, a stop string, max_tokens, the caller's callback.
enum class FinishReason { kEnd, kStop, kLength, kCallback };

/// What was generated.
struct Generation {
  std::vector<TokenId> ids;  ///< without the end token; with the tokens of a stop string
  std::string text;          ///< whole UTF-8 characters, without the stop string
  FinishReason finish = FinishReason::kLength;
};

/// Gets each new piece of text as it is certain: whole characters, and never a part of a stop string. Returns whether to
/// go on.
using TextCallback = std::function<bool(std::string_view piece)>;

namespace detail {

// Draws from softmax(logits / temperature) cut to the nucleus of top_p (Holtzman et al. 2020). logits: (V) float.
inline TokenId sample(const at::Tensor& logits, const GenerateOptions& options, std::mt19937_64& random) {
  if (options.temperature <= 0) return static_cast<TokenId>(logits.argmax().item<std::int64_t>());
  const auto [sorted, order] = at::softmax(logits.to(at::kDouble) / options.temperature, -1).sort(/*dim=*/-1, /*descending=*/true);
  const double* probability = sorted.const_data_ptr<double>();
  std::int64_t count = 0;
  double mass = 0;
  while (count < sorted.size(0) && mass < options.top_p) mass += probability[count++];
  double left = std::uniform_real_distribution<double>(0, mass)(random);
  std::int64_t drawn = 0;
  while (drawn + 1 < count && (left -= probability[drawn]) >= 0) ++drawn;
  return static_cast<TokenId>(order[drawn].item<std::int64_t>());
}

inline TokenId sample_among(const at::Tensor& logits, const std::vector<TokenId>& allowed, const GenerateOptions& options,
                            std::mt19937_64& random) {
  const at::Tensor ids = at::tensor(std::vector<std::int64_t>(allowed.begin(), allowed.end()), at::kLong);
  return allowed[static_cast<std::size_t>(sample(logits.index_select(0, ids), options, random))];
}

// How much of `text` can be handed out: up to a stop string (found: true), else all but a tail that may become one.
struct Cut {
  std::size_t length;
  bool found;
};

inline Cut cut_at_stop(std::string_view text, const std::vector<std::string>& stops) {
  Cut cut{text.size(), false};
  for (const std::string& stop : stops) {
    if (stop.empty()) continue;
    if (const auto at = text.find(stop); at != std::string_view::npos && (!cut.found || at < cut.length)) cut = {at, true};
  }
  if (cut.found) return cut;
  for (const std::string& stop : stops) {
    for (std::size_t tail = std::min(stop.size(), text.size()); tail > 0; --tail) {
      if (std::string_view(stop).substr(0, tail) == text.substr(text.size() - tail)) {
        cut.length = std::min(cut.length, text.size() - tail);
        break;
      }
    }
  }
  return cut;
}

}  // namespace detail

/// Reads `prompt` behind what the cache holds (so a conversation prefills only what is new) and generates. Afterwards the
/// cache holds prompt and the generated tokens that were read again: not the last.
/// Batch 1. Errors:
/// kInvalidArgument (an empty prompt, options out of range), kLimitExceeded (more tokens than the model's context),
/// kCancelled (looked at before every token; the cache stays usable).
inline Generation generate(const Decoder& decoder, const Tokenizer& tokenizer, std::span<const TokenId> prompt,
                           KvCache& cache, const GenerateOptions& options = {}, const TextCallback& callback = {},
                           const Cancel* cancel = nullptr) {
  if (prompt.empty()) throw Error(ErrorCode::kInvalidArgument, "there is no prompt to generate from");
  if (options.max_tokens < 0 || options.temperature < 0 || !(options.top_p > 0 && options.top_p <= 1)) {
    throw Error(ErrorCode::kInvalidArgument, "max_tokens and temperature must not be negative, and top_p must be in (0, 1]");
  }
  const std::int64_t context = decoder.config().context;
  const auto ends = options.end_tokens.empty() ? std::vector<TokenId>{tokenizer.eos()} : options.end_tokens;
  const c10::NoGradGuard no_grad;
  std::mt19937_64 random(options.seed);
  StreamDecoder stream(tokenizer);
  Generation result;
  std::size_t handed_out = 0;
  const auto hand_out = [&](std::size_t until) {
    const std::string_view piece = std::string_view(result.text).substr(handed_out, until - handed_out);
    handed_out = until;
    return piece.empty() || !callback || callback(piece);
  };
  std::vector<std::int64_t> next(prompt.begin(), prompt.end());
  std::vector<TokenId> allowed;
  // What needs no choice is not read before there is one.
  const auto read_and_choose = [&] {
    const at::Tensor hidden = decoder.forward(at::tensor(next, at::kLong).unsqueeze(0), cache);
    next.clear();
    const at::Tensor logits = decoder.logits(hidden.select(1, -1))[0];
    return options.allowed ? detail::sample_among(logits, allowed, options, random)
                           : detail::sample(logits, options, random);
  };
  while (static_cast<int>(result.ids.size()) < options.max_tokens) {
    throw_if_cancelled(cancel);
    if (options.allowed) allowed = options.allowed(result.ids);
    if (options.allowed && allowed.empty()) {
      result.finish = FinishReason::kEnd;
      break;
    }
    if (context > 0 && cache.length() + static_cast<std::int64_t>(next.size()) > context) {
      throw Error(ErrorCode::kLimitExceeded, fmt::format("the text grew beyond the model's context of {} tokens", context));
    }
    const TokenId token = allowed.size() == 1 ? allowed.front() : read_and_choose();
    if (std::find(ends.begin(), ends.end(), token) != ends.end()) {
      result.finish = FinishReason::kEnd;
      break;
    }
    result.ids.push_back(token);
    next.push_back(token);
    result.text += stream.push(token);
    const detail::Cut cut = detail::cut_at_stop(result.text, options.stop);
    if (cut.found) {
      result.text.resize(cut.length);
      hand_out(cut.length);
      result.finish = FinishReason::kStop;
      return result;
    }
    if (!hand_out(cut.length)) {
      result.finish = FinishReason::kCallback;
      return result;
    }
  }
  result.text += stream.finish();
  hand_out(result.text.size());
  return result;
}

}  // namespace paa::nn
