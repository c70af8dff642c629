#include "paa/chat/completer.h"

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "paa/chat/token_mask.h"
#include "paa/nn/generate.h"
#include "pmllm/frozen_llm.h"

namespace paa {
namespace {

ChatFinish finish_of(nn::FinishReason reason) {
  switch (reason) {
    case nn::FinishReason::kLength: return ChatFinish::kLength;
    case nn::FinishReason::kCallback: return ChatFinish::kStopped;
    default: return ChatFinish::kEnd;
  }
}

// What a constraint lets come next, while it takes what came.
class Allowed {
 public:
  Allowed(const TokenMask& mask, const TextConstraint& constraint, TokenId end)
      : mask_(&mask), state_(constraint.clone()), end_(end) {}

  std::vector<TokenId> after(std::span<const TokenId> so_far) {
    for (; taken_ < so_far.size(); ++taken_) mask_->take(*state_, so_far[taken_]);
    auto tokens = mask_->allowed(*state_);
    if (state_->complete() && !tokens.empty()) tokens.push_back(end_);
    return tokens;
  }

  bool complete(std::span<const TokenId> so_far) {
    for (; taken_ < so_far.size(); ++taken_) mask_->take(*state_, so_far[taken_]);
    return state_->complete();
  }

 private:
  const TokenMask* mask_;
  std::unique_ptr<TextConstraint> state_;
  TokenId end_;
  std::size_t taken_ = 0;
};

}  // namespace

struct Completer::Impl {
  explicit Impl(std::shared_ptr<const FrozenLlm> shared) : llm(std::move(shared)), cache(llm->decoder.config().layers) {}

  // How many tokens of `ids` the cache holds; the last one must be read for what follows it.
  std::size_t kept(const std::vector<TokenId>& ids) const {
    const std::size_t most = std::min({ids.size() - 1, held.size(), static_cast<std::size_t>(cache.length())});
    const auto first = std::mismatch(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(most), held.begin()).first;
    return static_cast<std::size_t>(first - ids.begin());
  }

  std::shared_ptr<const FrozenLlm> llm;
  nn::KvCache cache;
  std::vector<TokenId> held;  // begins with the tokens in the cache
  std::optional<TokenMask> mask;
};

Completer::Completer(const Pmllm& model) : impl_(std::make_unique<Impl>(model.llm())) {}
Completer::Completer(Completer&&) noexcept = default;
Completer& Completer::operator=(Completer&&) noexcept = default;
Completer::~Completer() = default;

const std::string& Completer::id() const noexcept { return impl_->llm->id; }
int Completer::context() const noexcept { return impl_->llm->decoder.config().context; }

CompletionResult Completer::complete(std::span<const ChatSegment> text, const CompletionOptions& options,
                                     const ChatCallback& callback, const Cancel* cancel) {
  const c10::InferenceMode guard;
  if (options.max_tokens < 1) throw Error(ErrorCode::kInvalidArgument, "max_tokens must be at least 1");
  const Tokenizer& tokenizer = *impl_->llm->tokenizer;
  const auto ids = encode_chat(tokenizer, text);
  if (ids.empty()) throw Error(ErrorCode::kInvalidArgument, "there is no text to go on from");

  nn::GenerateOptions wanted;
  wanted.max_tokens = options.max_tokens;
  wanted.temperature = options.temperature;
  wanted.seed = options.seed;
  wanted.stop = options.stop;
  std::optional<Allowed> allowed;
  if (options.constraint != nullptr) {
    if (!impl_->mask) impl_->mask.emplace(tokenizer);
    allowed.emplace(*impl_->mask, *options.constraint, tokenizer.eos());
    wanted.allowed = [&](std::span<const TokenId> so_far) { return allowed->after(so_far); };
  }

  const std::size_t kept = impl_->kept(ids);
  impl_->cache.truncate(static_cast<std::int64_t>(kept));
  impl_->held = ids;
  const auto generation = nn::generate(impl_->llm->decoder, tokenizer, std::span(ids).subspan(kept), impl_->cache, wanted,
                                       callback, cancel);
  impl_->held.insert(impl_->held.end(), generation.ids.begin(), generation.ids.end());
  if (allowed && generation.finish == nn::FinishReason::kLength && !allowed->complete(generation.ids)) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("the text did not come to its end within {} tokens; allow more", options.max_tokens));
  }
  return {generation.text, finish_of(generation.finish), static_cast<int>(ids.size()),
          static_cast<int>(ids.size() - kept), static_cast<int>(generation.ids.size())};
}

CompletionResult Completer::complete(std::string_view text, const CompletionOptions& options,
                                     const ChatCallback& callback, const Cancel* cancel) {
  const ChatSegment segment{std::string(text), SpecialTokens::kPlainText};
  return complete(std::span(&segment, 1), options, callback, cancel);
}

}  // namespace paa
