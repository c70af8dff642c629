#include "paa/text/sentencepiece_tokenizer.h"

#include <algorithm>
#include <random>
#include <set>

#include "golden_data.h"
#include "paa/core/file.h"
#include "paa/text/utf8.h"

using paa::Error;
using paa::ErrorCode;
using paa::SentencePieceTokenizer;
using paa::SpecialTokens;

namespace {

const std::vector<std::string> kModels = {"unigram", "bpe", "plain"};

std::string model_bytes(const std::string& name) {
  return paa::read_text_file(golden::data_path(name + ".model"), SentencePieceTokenizer::kMaxModelBytes);
}

SentencePieceTokenizer from_bytes(const std::string& bytes) {
  return SentencePieceTokenizer(std::as_bytes(std::span(bytes)), "x.model");
}

const paa::Json& sentencepiece_golden(const std::string& model) {
  static const paa::Json json = paa::read_json(golden::data_path("sentencepiece_golden.json"));
  return json.at(model);
}

ErrorCode code_of(const std::string& bytes) {
  try {
    from_bytes(bytes);
  } catch (const Error& e) {
    CHECK(std::string(e.what()).find("x.model") != std::string::npos);
    return e.code();
  }
  FAIL("was accepted");
  return ErrorCode::kInternal;
}

// A field of a protocol buffer: bytes with their length.
std::string field(int number, const std::string& bytes) {
  std::string text = {static_cast<char>(number * 8 + 2)};
  std::size_t size = bytes.size();
  for (; size >= 0x80; size >>= 7) text += static_cast<char>((size & 0x7F) | 0x80);
  return text + static_cast<char>(size) + bytes;
}

std::string piece(const std::string& text, const std::string& more = "") { return field(1, field(1, text) + more); }

// The unknown token and the letter a.
std::string tiny_model() { return piece("<unk>", {0x18, 2}) + piece("a"); }

std::string word(std::uint32_t value) { return std::string(reinterpret_cast<const char*>(&value), 4); }

// A chars map whose trie has `units`, the rest of 512 being dead, and `strings`.
std::string chars_map(std::vector<std::uint32_t> units, const std::string& strings) {
  units.resize(512, 0x800000FFu);
  std::string trie;
  for (const auto unit : units) trie += word(unit);
  return tiny_model() + field(3, field(2, word(static_cast<std::uint32_t>(trie.size())) + trie + strings));
}

}  // namespace

TEST_CASE("SentencePiece models give the library's ids, offsets and text") {
  const auto texts = golden::strings();
  for (const std::string& name : kModels) {
    INFO(name);
    const auto tokenizer = paa::read_sentencepiece(golden::data_path(name + ".model"));
    const auto& expected = sentencepiece_golden(name);
    REQUIRE(expected.at("ids").size() >= 700);
    for (const auto& [index, ids] : expected.at("ids").items()) {
      const std::string& text = texts[std::stoul(index)];
      INFO(text);
      CHECK(tokenizer->encode(text) == ids.get<golden::Ids>());
      const auto decoded = expected.at("decoded").find(index);
      const std::string whole =
          decoded == expected.at("decoded").end() ? paa::replace_invalid_utf8(text) : decoded->get<std::string>();
      const std::string found = tokenizer->decode(tokenizer->encode(text));
      // Ours keeps the dummy space in front; the unigram model takes no other space there.
      CHECK((name == "plain" || found.empty() ? found : found.substr(1)) == whole);
    }
    REQUIRE(expected.at("offsets").size() >= 100);
    for (const auto& [index, pairs] : expected.at("offsets").items()) {
      std::vector<std::pair<std::size_t, std::size_t>> found;
      for (const auto& token : tokenizer->tokenize(texts[std::stoul(index)], SpecialTokens::kPlainText)) {
        found.emplace_back(token.begin, token.end);
      }
      INFO(texts[std::stoul(index)]);
      CHECK(found == pairs.get<std::vector<std::pair<std::size_t, std::size_t>>>());
    }
  }
}

TEST_CASE("SentencePiece control symbols are found only where special tokens are asked for") {
  const auto tokenizer = paa::read_sentencepiece(golden::data_path("plain.model"));
  const auto end = tokenizer->find("<|im_end|>");
  REQUIRE(end >= 0);
  CHECK(tokenizer->bos() == tokenizer->find("<s>"));
  CHECK(tokenizer->eos() == tokenizer->find("</s>"));
  CHECK(tokenizer->find("no such piece") == -1);
  const std::set<paa::TokenId> control = {end, tokenizer->find("<|im_start|>"), tokenizer->bos(), tokenizer->eos()};
  for (std::string text : golden::strings()) {
    text += "<|im_end|></s>";
    for (const auto id : tokenizer->encode(text)) CHECK(!control.contains(id));
  }
  const auto tokens = tokenizer->tokenize("ab<|im_end|>c", SpecialTokens::kRecognise);
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const auto& token) { return token.id == end; });
  REQUIRE(found != tokens.end());
  CHECK(found->begin == 2);
  CHECK(found->end == 12);
  CHECK(tokens.back().begin == 12);
  const auto ids = tokenizer->encode("ab<|im_end|>c", SpecialTokens::kRecognise);
  CHECK(tokenizer->decode(ids) == "abc");
  CHECK(tokenizer->decode(ids, true) == "ab<|im_end|>c");
}

TEST_CASE("a SentencePiece id outside the vocabulary is refused") {
  const auto tokenizer = paa::read_sentencepiece(golden::data_path("bpe.model"));
  CHECK_THROWS_AS(tokenizer->decode_bytes(std::vector<paa::TokenId>{-1}), Error);
  const auto size = static_cast<paa::TokenId>(tokenizer->vocabulary_size());
  CHECK_THROWS_AS(tokenizer->decode_bytes(std::vector<paa::TokenId>{size}), Error);
}

TEST_CASE("long texts go through SentencePiece") {
  for (const std::string& name : kModels) {
    const auto tokenizer = paa::read_sentencepiece(golden::data_path(name + ".model"));
    const std::string text(200000, 'a');
    CHECK(tokenizer->decode(tokenizer->encode(text)).ends_with(text));
  }
}

TEST_CASE("files that are no SentencePiece model are refused") {
  CHECK_NOTHROW(from_bytes(tiny_model()));
  CHECK(code_of("") == ErrorCode::kBadFormat);
  CHECK(code_of("{\"model\": 1}") == ErrorCode::kBadFormat);
  CHECK(code_of(std::string(1000, '\0')) == ErrorCode::kBadFormat);
  CHECK(code_of(std::string(SentencePieceTokenizer::kMaxModelBytes + 1, ' ')) == ErrorCode::kLimitExceeded);
  CHECK(code_of("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01") == ErrorCode::kBadFormat);  // a length of 2^64 - 1
  CHECK(code_of(piece("a")) == ErrorCode::kBadFormat);                                      // no unknown token
  CHECK(code_of(tiny_model() + piece("a")) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + piece("")) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + piece("\xFF")) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + piece(std::string("b\0c", 3))) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + piece(std::string(5000, 'x'))) == ErrorCode::kLimitExceeded);
  CHECK(code_of(tiny_model() + piece("b", std::string("\x15\x00\x00\xC0\x7F", 5))) == ErrorCode::kBadFormat);  // NaN
  CHECK(code_of(tiny_model() + piece("b", {0x18, 7})) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + field(3, "") + field(3, "")) == ErrorCode::kBadFormat);
  CHECK_THROWS_AS(paa::read_sentencepiece(golden::data_path("none.model")), Error);
}

TEST_CASE("more nested user-defined symbols than the library has room for are refused") {
  const auto nested = [](std::size_t count) {
    std::string model = tiny_model();
    for (std::size_t i = 1; i <= count; ++i) model += piece(std::string(i, '-'), {0x18, 4});
    return model;
  };
  CHECK(from_bytes(nested(64)).encode(std::string(64, '-')).size() <= 3);
  CHECK(code_of(nested(65)) == ErrorCode::kBadFormat);
}

TEST_CASE("a SentencePiece normalisation table that points outside itself is refused") {
  CHECK(code_of(tiny_model() + field(3, field(2, "abc"))) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + field(3, field(2, word(0xFFFFFFFFu) + "abcd"))) == ErrorCode::kBadFormat);
  CHECK(code_of(tiny_model() + field(3, field(2, std::string(5 << 20, 'x')))) == ErrorCode::kLimitExceeded);
  // Root at 0 with children from 256 on; the child for 'b' has its children from 0 on, its value at 256 ^ 'b' ^ offset.
  const std::uint32_t root = 256u << 10;
  const auto with_child = [&](std::uint32_t child, std::uint32_t value, const std::string& strings) {
    std::vector<std::uint32_t> units(512, 0x800000FFu);
    units[0] = root;
    units[256 ^ 'b'] = child;
    units[1] = 0x80000000u | value;
    return chars_map(units, strings);
  };
  const std::uint32_t leaf_at_1 = ((256u ^ 'b' ^ 1u) << 10) | (1u << 8) | 'b';
  const std::string strings("a\0", 2);
  const auto tokenizer = from_bytes(with_child(leaf_at_1, 0, strings));
  CHECK(tokenizer.encode("b") == tokenizer.encode("a"));
  CHECK(code_of(with_child(leaf_at_1, 2, strings)) == ErrorCode::kBadFormat);
  CHECK(code_of(with_child(leaf_at_1, 0x7FFFFFFF, strings)) == ErrorCode::kBadFormat);
  CHECK(code_of(with_child(leaf_at_1, 0, "a")) == ErrorCode::kBadFormat);
  CHECK(code_of(with_child(leaf_at_1, 0, std::string("\xFF\0", 2))) == ErrorCode::kBadFormat);
  CHECK(code_of(with_child((4096u << 10) | 'b', 0, strings)) == ErrorCode::kBadFormat);  // children beyond the end
  CHECK(code_of(with_child(((256u ^ 'b' ^ 256u) << 10) | 'b', 0, strings)) == ErrorCode::kBadFormat);  // its own parent
  CHECK(code_of(chars_map({4096u << 10}, strings)) == ErrorCode::kBadFormat);
}

TEST_CASE("damaged SentencePiece models are refused or work, but never crash") {
  std::mt19937 random(7);
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  const auto texts = golden::strings();
  for (const std::string& name : kModels) {
    const std::string sound = model_bytes(name);
    std::size_t refused = 0;
    for (int round = 0; round < 300; ++round) {
      std::string bytes = sound;
      if (round % 3 == 0) bytes.resize(below(bytes.size()));
      for (std::size_t i = below(4) + (round % 3 != 0); i > 0 && !bytes.empty(); --i) {
        bytes[below(bytes.size())] = static_cast<char>(below(256));
      }
      try {
        const auto tokenizer = from_bytes(bytes);
        for (int i = 0; i < 5; ++i) {
          const auto ids = tokenizer.encode(texts[below(texts.size())], SpecialTokens::kRecognise);
          tokenizer.decode(ids);
        }
      } catch (const Error&) {
        ++refused;
      }
    }
    CHECK(refused > 30);
  }
}
