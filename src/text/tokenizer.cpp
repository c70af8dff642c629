#include "paa/text/tokenizer.h"

#include "paa/text/utf8.h"

namespace paa {

std::vector<TokenId> Tokenizer::encode(std::string_view text, SpecialTokens special) const {
  const std::vector<Token> tokens = tokenize(text, special);
  std::vector<TokenId> ids;
  ids.reserve(tokens.size());
  for (const Token& token : tokens) ids.push_back(token.id);
  return ids;
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool keep_special) const {
  return replace_invalid_utf8(decode_bytes(ids, keep_special));
}

}  // namespace paa
