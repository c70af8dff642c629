#include "word_logits.h"

#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>

#include <string>

#include "paa/core/error.h"
#include "paa/nn/kv_cache.h"

namespace paa {
namespace {

std::vector<TokenId> encode_some(const Tokenizer& tokenizer, std::string_view text, const char* what) {
  auto ids = tokenizer.encode(text);
  if (ids.empty()) throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is empty: a model has nothing to read", what));
  return ids;
}

at::Tensor id_tensor(std::span<const TokenId> ids) {
  return at::tensor(std::vector<std::int64_t>(ids.begin(), ids.end()), at::kLong);
}

// The hidden state (1, D) after the last of the tokens.
at::Tensor read_on(const nn::Decoder& decoder, std::span<const TokenId> ids, nn::KvCache& cache) {
  const std::int64_t context = decoder.config().context;
  if (context > 0 && cache.length() + static_cast<std::int64_t>(ids.size()) > context) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("the text has more tokens than the model's context of {}; shorten it", context));
  }
  return decoder.forward(id_tensor(ids).unsqueeze(0), cache).select(1, -1);
}

std::vector<TokenId> first_tokens(const Tokenizer& tokenizer, const std::vector<std::string>& words) {
  if (words.empty()) throw Error(ErrorCode::kInvalidArgument, "there is no word to complete a sentence with");
  std::vector<TokenId> first;
  for (const auto& word : words) first.push_back(encode_some(tokenizer, word, "a word").front());
  return first;
}

}  // namespace

std::vector<std::vector<double>> word_logits(const nn::Decoder& decoder, const Tokenizer& tokenizer,
                                             std::string_view text, std::span<const Completion> completions,
                                             const Cancel* cancel) {
  throw_if_cancelled(cancel);
  nn::KvCache cache(decoder.config().layers);
  read_on(decoder, encode_some(tokenizer, text, "the text"), cache);
  const std::int64_t read = cache.length();
  std::vector<std::vector<double>> result;
  for (const auto& completion : completions) {
    throw_if_cancelled(cancel);
    const auto words = first_tokens(tokenizer, completion.words);
    const at::Tensor hidden = read_on(decoder, encode_some(tokenizer, completion.cue, "the cue"), cache);
    cache.truncate(read);
    const at::Tensor logits = decoder.logits(hidden)[0].index_select(0, id_tensor(words)).to(at::kDouble).contiguous();
    result.emplace_back(logits.const_data_ptr<double>(), logits.const_data_ptr<double>() + logits.numel());
  }
  return result;
}

std::array<TokenId, 10> digit_tokens(const Tokenizer& tokenizer) {
  std::array<TokenId, 10> tokens{};
  for (std::size_t digit = 0; digit < tokens.size(); ++digit) {
    tokens[digit] = tokenizer.find(std::to_string(digit));
    if (tokens[digit] < 0) throw Error(ErrorCode::kUnsupported, "this model's tokenizer has no tokens for digits");
  }
  return tokens;
}

std::vector<TokenId> encode_question(const Tokenizer& tokenizer, std::string_view question) {
  if (question.empty()) throw Error(ErrorCode::kInvalidArgument, "the question is empty");
  // A digit behind a space is two tokens for many tokenizers, so the space belongs to the question.
  return tokenizer.encode(fmt::format("\nQuestion: {}\nAnswer, a digit from 0 to 9: ", question));
}

std::vector<std::array<double, 10>> among_tokens(const nn::Decoder& decoder, const at::Tensor& hidden,
                                                 const std::array<TokenId, 10>& tokens) {
  std::vector<std::array<double, 10>> result(static_cast<std::size_t>(hidden.size(0)));
  for (std::size_t i = 0; i < result.size(); ++i) {
    // One by one: a product of another shape rounds differently, and no photo may depend on the others.
    const at::Tensor logits = decoder.logits(hidden[static_cast<std::int64_t>(i)]).index_select(0, id_tensor(tokens));
    const at::Tensor probabilities = at::softmax(logits.to(at::kDouble), 0).contiguous();
    std::copy_n(probabilities.const_data_ptr<double>(), tokens.size(), result[i].begin());
  }
  return result;
}

}  // namespace paa
