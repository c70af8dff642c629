#include "paa/pmllm/prompt.h"

#include <fmt/format.h>

#include <string>

#include "paa/core/error.h"

namespace paa {
namespace {

// Where the text after the last special token of our own template begins.
std::size_t end_of_special_tokens(const Tokenizer& tokenizer, std::string_view prefix) {
  std::size_t end = 0;
  for (const Token& token : tokenizer.tokenize(prefix, SpecialTokens::kRecognise)) {
    if (tokenizer.decode_bytes({&token.id, 1}).empty()) end = token.end;
  }
  return end;
}

}  // namespace

PromptPrefix encode_prefix(const Tokenizer& tokenizer, std::string_view prefix, std::string_view profile) {
  if (prefix.empty() || profile.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "the prompt's prefix and the profile's text must not be empty");
  }
  const std::size_t plain_begin = end_of_special_tokens(tokenizer, prefix);
  PromptPrefix result;
  result.ids = tokenizer.encode(prefix.substr(0, plain_begin), SpecialTokens::kRecognise);
  const std::string plain = std::string(prefix.substr(plain_begin)).append(profile);
  const std::size_t profile_begin = prefix.size() - plain_begin;
  const std::vector<Token> tokens = tokenizer.tokenize(plain, SpecialTokens::kPlainText);
  result.span_end = result.ids.size() + tokens.size();
  result.span_begin = result.span_end;
  for (std::size_t i = tokens.size(); i-- > 0 && tokens[i].end > profile_begin;) --result.span_begin;
  if (result.span_begin == 0) result.span_begin = 1;
  for (const Token& token : tokens) result.ids.push_back(token.id);
  if (result.span_begin >= result.span_end) {
    throw Error(ErrorCode::kInvalidArgument, "the prompt's prefix must hold at least one token before the profile");
  }
  if (const std::size_t count = result.span_end - result.span_begin; count > kMaxProfileTokens) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("the profile takes {} tokens, more than the limit of {}: shorten its free text", count,
                            kMaxProfileTokens));
  }
  return result;
}

}  // namespace paa
