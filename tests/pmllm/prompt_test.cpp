// The prompt's tokens and the profile's place among them.

#include "paa/pmllm/prompt.h"

#include <map>

#include "catch.h"
#include "paa/core/error.h"

using paa::SpecialTokens;
using paa::Token;
using paa::TokenId;

namespace {

// One token a byte; "<s>" is special; a space merges with the letter behind it, as in byte-level BPE.
class ToyTokenizer final : public paa::Tokenizer {
 public:
  std::vector<Token> tokenize(std::string_view text, SpecialTokens special) const override {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t length = 1;
      TokenId id = static_cast<unsigned char>(text[i]);
      if (special == SpecialTokens::kRecognise && text.substr(i, 3) == "<s>") {
        length = 3;
        id = kSpecial;
      } else if (text[i] == ' ' && i + 1 < text.size()) {
        length = 2;
        id = 300 + static_cast<unsigned char>(text[i + 1]);
      }
      tokens.push_back({id, i, i + length});
      i += length;
    }
    return tokens;
  }
  std::string decode_bytes(std::span<const TokenId> ids, bool keep_special) const override {
    std::string text;
    for (const TokenId id : ids) {
      if (id == kSpecial) text += keep_special ? "<s>" : "";
      else if (id >= 300) text += std::string(" ") + static_cast<char>(id - 300);
      else text += static_cast<char>(id);
    }
    return text;
  }
  std::size_t vocabulary_size() const override { return 600; }
  TokenId find(std::string_view) const override { return -1; }
  TokenId bos() const override { return -1; }
  TokenId eos() const override { return -1; }

  static constexpr TokenId kSpecial = 299;
};

}  // namespace

TEST_CASE("template and profile are one string, and the span is what overlaps the profile") {
  const auto prompt = paa::encode_prefix(ToyTokenizer(), "<s>who: ", "ann.");
  const std::vector<TokenId> expected = {299, 'w', 'h', 'o', ':', 300 + 'a', 'n', 'n', '.'};
  CHECK(prompt.ids == expected);
  CHECK(prompt.span_begin == 5);
  CHECK(prompt.span_end == 9);
}

TEST_CASE("a special token typed by a person stays plain text") {
  const auto prompt = paa::encode_prefix(ToyTokenizer(), "<s>a<s>:", "<s>.");
  const std::vector<TokenId> expected = {299, 'a', 299, ':', '<', 's', '>', '.'};
  CHECK(prompt.ids == expected);
  CHECK(prompt.span_begin == 4);
}

TEST_CASE("the span never holds the first token of the sequence") {
  CHECK(paa::encode_prefix(ToyTokenizer(), "<s>", "ann").span_begin == 1);
  CHECK_THROWS_AS(paa::encode_prefix(ToyTokenizer(), " ", "a"), paa::Error);
  CHECK_THROWS_AS(paa::encode_prefix(ToyTokenizer(), "", "a"), paa::Error);
}

TEST_CASE("a profile of more tokens than the limit is refused, never cut") {
  CHECK_NOTHROW(paa::encode_prefix(ToyTokenizer(), "<s>:", std::string(paa::kMaxProfileTokens, 'x')));
  try {
    paa::encode_prefix(ToyTokenizer(), "<s>:", std::string(paa::kMaxProfileTokens + 1, 'x'));
    FAIL("not refused");
  } catch (const paa::Error& e) {
    CHECK(e.code() == paa::ErrorCode::kLimitExceeded);
    CHECK(std::string(e.what()).find("257") != std::string::npos);
  }
}
