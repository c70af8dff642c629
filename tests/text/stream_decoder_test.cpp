#include "paa/text/stream_decoder.h"

#include "golden_data.h"
#include "paa/text/sentencepiece_tokenizer.h"
#include "paa/text/tokenizer_json.h"
#include "paa/text/utf8.h"

namespace {

std::vector<std::unique_ptr<paa::Tokenizer>> tokenizers() {
  std::vector<std::unique_ptr<paa::Tokenizer>> all;
  all.push_back(paa::read_tokenizer_json(golden::data_path("small_smollm.tokenizer.json")));
  all.push_back(paa::read_sentencepiece(golden::data_path("bpe.model")));
  return all;
}

}  // namespace

TEST_CASE("streamed pieces are whole characters and add up to the decoded text") {
  for (const auto& tokenizer : tokenizers()) {
    std::size_t waited = 0;
    for (const std::string& text : golden::strings()) {
      const auto ids = tokenizer->encode(text, paa::SpecialTokens::kRecognise);
      for (const bool keep_special : {false, true}) {
        paa::StreamDecoder stream(*tokenizer, keep_special);
        std::string together;
        for (const auto id : ids) {
          const std::string piece = stream.push(id);
          CHECK(paa::is_utf8(piece));
          waited += piece.empty();
          together += piece;
        }
        together += stream.finish();
        INFO(text);
        CHECK(together == tokenizer->decode(ids, keep_special));
      }
    }
    CHECK(waited > 500);  // else no character was ever split over tokens
  }
}

TEST_CASE("an unfinished character becomes U+FFFD at the end, once, and the decoder can be used again") {
  for (const auto& tokenizer : tokenizers()) {
    auto ids = tokenizer->encode("\xF0\x9F\xA6\x96");
    REQUIRE(ids.size() >= 3);
    ids.pop_back();
    paa::StreamDecoder stream(*tokenizer);
    std::string together;
    for (const auto id : ids) together += stream.push(id);
    CHECK(together.find_first_not_of(' ') == together.npos);
    CHECK(stream.finish() == paa::kReplacementCharacter);
    CHECK(stream.finish().empty());
    const auto next = tokenizer->encode("a");
    for (const auto id : next) together += stream.push(id);
    CHECK(together.ends_with("a"));
  }
}

TEST_CASE("an id outside the vocabulary leaves the stream as it was") {
  const auto all = tokenizers();
  paa::StreamDecoder stream(*all.front());
  const auto ids = all.front()->encode("\xF0\x9F\xA6\x96");
  stream.push(ids.front());
  CHECK_THROWS_AS(stream.push(-1), paa::Error);
  CHECK_THROWS_AS(stream.push(1 << 30), paa::Error);
  std::string together;
  for (std::size_t i = 1; i < ids.size(); ++i) together += stream.push(ids[i]);
  CHECK(together == "\xF0\x9F\xA6\x96");
}
