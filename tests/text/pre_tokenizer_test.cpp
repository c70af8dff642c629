#include "paa/text/pre_tokenizer.h"

#include "golden_data.h"
#include "paa/text/added_tokens.h"
#include "paa/text/utf8.h"

namespace {

std::vector<std::string> words(const std::string& name, const std::string& text) {
  std::vector<std::string> found;
  paa::PreTokenizer(name, "x").split(
      text, [&](std::size_t begin, std::size_t end) { found.push_back(text.substr(begin, end - begin)); });
  return found;
}

using Words = std::vector<std::string>;

std::vector<paa::TokenId> split_ids(const std::vector<paa::AddedToken>& tokens, const std::string& text) {
  std::vector<paa::TokenId> ids;
  for (const auto& segment : paa::AddedTokens(tokens, "x").split(text, paa::SpecialTokens::kRecognise)) {
    ids.push_back(segment.id);
  }
  return ids;
}

}  // namespace

TEST_CASE("words of the two patterns") {
  CHECK(words("gpt-2", "It's 12 dogs,  isn't") == Words{"It", "'s", " 12", " dogs", ",", " ", " isn", "'t"});
  CHECK(words("smollm", "It's 12 dogs,  isn't") == Words{"It", "'s", " ", "1", "2", " dogs", ",", " ", " isn", "'t"});
  CHECK(words("gpt2", "a  1") == Words{"a", " ", " 1"});
  CHECK(words("smollm", "a  1") == Words{"a", "  ", "1"});
  CHECK(words("gpt-2", "\n\n x \n") == Words{"\n\n", " x", " \n"});
  CHECK(words("smollm", "").empty());
}

TEST_CASE("words cover the text whatever is in it") {
  for (const char* name : {"gpt-2", "smollm"}) {
    for (const std::string& raw : golden::strings()) {
      const std::string text = paa::replace_invalid_utf8(raw);
      std::string together;
      for (const std::string& word : words(name, text)) together += word;
      CHECK(together == text);
    }
  }
}

TEST_CASE("added tokens are found leftmost and longest") {
  const std::vector<paa::AddedToken> tokens = {
      {.id = 1, .text = "<a>"}, {.id = 2, .text = "<a>b"}, {.id = 3, .text = "b<"}};
  CHECK(split_ids(tokens, "<a>b<a>c") == std::vector<paa::TokenId>{2, 1, -1});
  CHECK(split_ids(tokens, "xb<a>") == std::vector<paa::TokenId>{-1, 3, -1});
  CHECK(split_ids(tokens, "") == std::vector<paa::TokenId>{});
  CHECK(split_ids({}, "<a>") == std::vector<paa::TokenId>{-1});
}

TEST_CASE("a token takes the white space beside it, but none that another token has") {
  const std::vector<paa::AddedToken> tokens = {{.id = 1, .text = "<l>", .lstrip = true},
                                               {.id = 2, .text = "<r>", .rstrip = true}};
  const auto segments = paa::AddedTokens(tokens, "x").split("a \n<l> b<r> \t<l>", paa::SpecialTokens::kRecognise);
  REQUIRE(segments.size() == 5);
  CHECK(segments[1].id == 1);
  CHECK(segments[1].begin == 1);
  CHECK(segments[1].end == 6);
  CHECK(segments[3].id == 2);
  CHECK(segments[3].end == 13);
  CHECK(segments[4].id == 1);
  CHECK(segments[4].begin == 13);
}
