#include "paa/chat/token_mask.h"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.h"
#include "core/refusal.h"
#include "paa/core/json.h"

#include "random_schema.h"

using paa::ErrorCode;
using paa::Json;
using paa::TextConstraint;
using paa::TokenId;
using paa::TokenMask;

namespace {

// Tokens by their bytes; those without any are special.
class ListedTokens final : public paa::Tokenizer {
 public:
  explicit ListedTokens(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

  std::vector<paa::Token> tokenize(std::string_view, paa::SpecialTokens) const override { return {}; }
  std::string decode_bytes(std::span<const TokenId> ids, bool) const override {
    std::string bytes;
    for (const TokenId id : ids) bytes += tokens_.at(static_cast<std::size_t>(id));
    return bytes;
  }
  std::size_t vocabulary_size() const override { return tokens_.size(); }
  TokenId find(std::string_view) const override { return -1; }
  TokenId bos() const override { return -1; }
  TokenId eos() const override { return -1; }

 private:
  std::vector<std::string> tokens_;
};

using Ids = std::vector<TokenId>;

std::vector<std::string> random_tokens(Random& random) {
  static const std::vector<std::string> kPieces = {
      "\"",   ":",    ",",    "{",     "}",   "[",     "]",   "a",   "b",   "true", "null", "-",
      "0",    "1",    "2",    "9",     ".",   "00",    "\\",  "\\u", "d8",  "DC",   "\n",   "\xC3",
      "\xA9", "\xF0", "\x9F", "false", "abc", "title", "\":", ",\"", "{\"", "\"]"};
  std::vector<std::string> tokens = {""};
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  for (int i = 0; i < 300; ++i) {
    std::string token;
    for (auto pieces = random.between(2, 4); pieces > 0; --pieces) token += kPieces[random.below(kPieces.size())];
    tokens.push_back(std::move(token));
  }
  tokens.push_back("");
  return tokens;
}

Ids allowed_one_by_one(const TextConstraint& constraint, const std::vector<std::string>& tokens) {
  Ids ids;
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    const auto state = constraint.clone();
    const auto& bytes = tokens[id];
    const bool fits = std::all_of(bytes.begin(), bytes.end(), [&](char byte) { return state->take(byte); });
    if (fits && !bytes.empty()) ids.push_back(static_cast<TokenId>(id));
  }
  return ids;
}

// As write_at_random, but token by token; compares some of the masks with trying every token.
std::string write_tokens(const TokenMask& mask, TextConstraint& constraint, const std::vector<std::string>& tokens,
                         std::size_t longest, Random& random) {
  std::string text;
  while (!constraint.complete() || random.chance(0.7)) {
    const Ids ids = mask.allowed(constraint);
    if (random.chance(0.1)) CHECK(ids == allowed_one_by_one(constraint, tokens));
    if (ids.empty() && constraint.complete()) break;
    if (ids.empty()) FAIL("stuck after " << text);
    const TokenId id = ids[random.below(ids.size())];
    mask.take(constraint, id);
    text += tokens[static_cast<std::size_t>(id)];
    if (text.size() > longest) FAIL("longer than " << longest << " bytes: " << text);
  }
  return text;
}

}  // namespace

TEST_CASE("the tokens allowed are those whose bytes all fit, in order of their ids") {
  const TokenMask mask(ListedTokens({"", "no", "n", "yes", "not", "o", "no", "nope", " no", "e", "yes!"}));
  const auto constraint = paa::one_of({"yes", "no", "not sure"});
  CHECK(mask.allowed(*constraint) == Ids{1, 2, 3, 4, 6});
  mask.take(*constraint, 2);
  CHECK(mask.allowed(*constraint) == Ids{5});
  mask.take(*constraint, 5);
  CHECK(constraint->complete());
  CHECK(mask.allowed(*constraint).empty());
}

TEST_CASE("a token that does not fit is refused, and nothing of it is taken") {
  const TokenMask mask(ListedTokens({"", "ab", "ax", "c"}));
  const auto constraint = paa::one_of({"abc"});
  for (const TokenId id : {0, 2, 3, 4, -1}) {
    INFO(id);
    CHECK(refusal([&] { mask.take(*constraint, id); }).code == ErrorCode::kInvalidArgument);
  }
  mask.take(*constraint, 1);
  mask.take(*constraint, 3);
  CHECK(constraint->complete());
}

TEST_CASE("a vocabulary without tokens, and one with a very long token") {
  CHECK(TokenMask(ListedTokens({})).allowed(*paa::one_of({"a"})).empty());
  const std::string long_text(200000, 'x');
  CHECK(TokenMask(ListedTokens({"x", long_text})).allowed(*paa::one_of({long_text})) == Ids{0, 1});
}

TEST_CASE("a token may end one value and begin the next") {
  const TokenMask mask(
      ListedTokens({"{\"a\":", "1", "12", "2,\"", "b\":[", "],", "]}", "[]}", "true]}", "true,", "}"}));
  const auto constraint = paa::json_of(Json::parse(R"({"type": "object", "required": ["a", "b"], "properties": {
      "a": {"type": "integer", "maximum": 15}, "b": {"type": "array", "items": {"type": "boolean"}}}})"));
  CHECK(mask.allowed(*constraint) == Ids{0});
  mask.take(*constraint, 0);
  CHECK(mask.allowed(*constraint) == Ids{1, 2, 3});
  mask.take(*constraint, 1);
  CHECK(mask.allowed(*constraint) == Ids{1, 3});
  mask.take(*constraint, 3);
  CHECK(mask.allowed(*constraint) == Ids{4});
  mask.take(*constraint, 4);
  CHECK(mask.allowed(*constraint) == Ids{6, 8, 9});
  mask.take(*constraint, 8);
  CHECK(constraint->complete());
}

TEST_CASE("random tokens under random schemas never get stuck, end, and follow the schema") {
  Random random(6);
  const auto tokens = random_tokens(random);
  const TokenMask mask{ListedTokens(tokens)};
  for (int i = 0; i < 1000; ++i) {
    const Json schema = random_schema(random, 3);
    const auto constraint = paa::json_of(schema);
    const std::string text = write_tokens(mask, *constraint, tokens, longest_text(schema), random);
    INFO(schema << "\n" << text);
    CHECK(follows(paa::parse_json(text, "text"), schema));
  }
}
