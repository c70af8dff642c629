#pragma once
// The golden files of tests/oracles/make_tokenizer_goldens.py, as C++ values.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "catch.h"
#include "paa/core/json.h"
#include "paa/text/tokenizer.h"

namespace golden {

using Ids = std::vector<paa::TokenId>;

inline std::filesystem::path data_path(const std::string& name) { return std::filesystem::path(PAA_TEST_DATA) / name; }

inline std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

/// The test strings, then the byte strings that are not UTF-8.
inline std::vector<std::string> strings() {
  const paa::Json json = paa::read_json(data_path("strings.json"));
  auto texts = json.at("strings").get<std::vector<std::string>>();
  for (const auto& hex : json.at("broken_hex")) texts.push_back(from_hex(hex.get<std::string>()));
  return texts;
}

/// What the oracle made of string `index`; `words` is "gpt2" or "smollm".
class EncodingGolden {
 public:
  explicit EncodingGolden(const std::string& file) : json_(paa::read_json(data_path(file))) {}

  std::size_t size() const { return json_.at("gpt2").size(); }

  Ids plain(std::size_t index, const std::string& words) const {
    return words == "smollm" ? changed("smollm", index, json_.at("gpt2").at(index))
                             : json_.at("gpt2").at(index).get<Ids>();
  }

  Ids recognised(std::size_t index) const { return changed("special", index, plain(index, "smollm")); }

  /// Byte offsets by string index, for part of the strings.
  std::map<std::size_t, std::vector<std::pair<std::size_t, std::size_t>>> offsets() const {
    std::map<std::size_t, std::vector<std::pair<std::size_t, std::size_t>>> all;
    for (const auto& [index, pairs] : json_.at("offsets").items()) {
      all[std::stoul(index)] = pairs.get<std::vector<std::pair<std::size_t, std::size_t>>>();
    }
    return all;
  }

 private:
  Ids changed(const char* field, std::size_t index, const paa::Json& otherwise) const {
    const auto& differing = json_.at(field);
    const auto found = differing.find(std::to_string(index));
    return (found == differing.end() ? otherwise : *found).get<Ids>();
  }

  paa::Json json_;
};

/// Compares every id and offset of the golden file.
inline void check_encodings(const paa::Tokenizer& tokenizer, const std::string& file, const std::string& words) {
  const EncodingGolden expected(file);
  const auto texts = strings();
  REQUIRE(texts.size() == expected.size());
  REQUIRE(texts.size() >= 2000);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    INFO("string " << i << ": " << texts[i]);
    CHECK(tokenizer.encode(texts[i]) == expected.plain(i, words));
    if (words == "smollm") CHECK(tokenizer.encode(texts[i], paa::SpecialTokens::kRecognise) == expected.recognised(i));
  }
}

inline void check_offsets(const paa::Tokenizer& tokenizer, const std::string& file) {
  const auto texts = strings();
  const auto offsets = EncodingGolden(file).offsets();
  REQUIRE(offsets.size() >= 300);
  for (const auto& [index, expected] : offsets) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (const auto& token : tokenizer.tokenize(texts[index], paa::SpecialTokens::kPlainText)) {
      found.emplace_back(token.begin, token.end);
    }
    INFO("string " << index << ": " << texts[index]);
    CHECK(found == expected);
  }
}

}  // namespace golden
