#include "paa/text/tokenizer_json.h"

#include <filesystem>
#include <functional>

#include "golden_data.h"
#include "paa/core/file.h"

using paa::Error;
using paa::ErrorCode;
using paa::Json;

namespace {

Json small_json(const std::string& words = "gpt2") {
  return paa::read_json(golden::data_path("small_" + words + ".tokenizer.json"));
}

void check_refused(const std::function<void(Json&)>& change, ErrorCode code, const std::string& part) {
  Json json = small_json();
  change(json);
  try {
    const paa::ByteLevelBpe tokenizer(paa::parse_tokenizer_json(json, "x.json"), "x.json");
    FAIL_CHECK("was accepted: " << part);
  } catch (const Error& e) {
    INFO(e.what());
    CHECK(e.code() == code);
    CHECK(std::string(e.what()).find(part) != std::string::npos);
    CHECK(std::string(e.what()).find("x.json") != std::string::npos);
  }
}

std::string pre_tokenizer_of(const Json& pre_tokenizer) {
  Json json = small_json();
  json["pre_tokenizer"] = pre_tokenizer;
  return paa::parse_tokenizer_json(json, "x").pre_tokenizer;
}

const Json kBytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}};
const Json kWordsAndBytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
const Json kDigits = {{"type", "Digits"}, {"individual_digits", true}};

Json split(const std::string& pattern, const std::string& behavior = "Isolated") {
  return {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", behavior}, {"invert", false}};
}

Json sequence(const std::vector<Json>& steps) { return {{"type", "Sequence"}, {"pretokenizers", steps}}; }

const std::string kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

}  // namespace

TEST_CASE("the pre-tokenizers of GPT-2 and SmolLM are recognised in each way they are written") {
  CHECK(pre_tokenizer_of(kWordsAndBytes) == "gpt-2");
  CHECK(pre_tokenizer_of(sequence({kWordsAndBytes})) == "gpt-2");
  CHECK(pre_tokenizer_of(sequence({split(kGpt2), kBytes})) == "gpt-2");
  CHECK(pre_tokenizer_of(sequence({kDigits, kWordsAndBytes})) == "smollm");
  CHECK(pre_tokenizer_of(sequence({kDigits, split(kGpt2), kBytes})) == "smollm");
  CHECK(paa::parse_tokenizer_json(small_json("smollm"), "x").pre_tokenizer == "smollm");
}

TEST_CASE("components that would change the ids are refused by name") {
  const auto pre = [](const Json& value, const std::string& part) {
    check_refused([&](Json& json) { json["pre_tokenizer"] = value; }, ErrorCode::kUnsupported, part);
  };
  pre({{"type", "Metaspace"}}, "Metaspace");
  pre(sequence({split(R"(\p{L}+|\d)"), kBytes}), R"(\\p{L}+|\\d)");
  pre(sequence({split(kGpt2, "Removed"), kBytes}), "Split");
  pre(sequence({split(kGpt2), kWordsAndBytes}), "use_regex");
  pre(sequence({split(kGpt2), kDigits, kBytes}), "Digits after Split");
  pre(sequence({kWordsAndBytes, kDigits}), "after ByteLevel");
  pre(kBytes, "words of GPT-2");
  pre(sequence({{{"type", "Digits"}, {"individual_digits", false}}, kWordsAndBytes}), "individual_digits");
  pre({{"type", "ByteLevel"}, {"add_prefix_space", true}}, "add_prefix_space");

  const auto other = [](const char* path, const Json& value, const std::string& part) {
    check_refused([&](Json& json) { json[Json::json_pointer(path)] = value; }, ErrorCode::kUnsupported, part);
  };
  other("/normalizer", {{"type", "NFC"}}, "NFC");
  other("/decoder", {{"type", "WordPiece"}}, "WordPiece");
  other("/post_processor", {{"type", "BertProcessing"}}, "BertProcessing");
  other("/post_processor", {{"type", "Sequence"}, {"processors", {{{"type", "RobertaProcessing"}}}}},
        "RobertaProcessing");
  other("/model/type", "Unigram", "Unigram");
  other("/model/dropout", 0.1, "dropout");
  other("/model/byte_fallback", true, "byte_fallback");
  other("/model/ignore_merges", true, "ignore_merges");
  other("/model/fuse_unk", true, "fuse_unk");
  other("/model/continuing_subword_prefix", "##", "continuing_subword_prefix");
  other("/model/end_of_word_suffix", "</w>", "end_of_word_suffix");
  other("/added_tokens/0/single_word", true, "single_word");
}

TEST_CASE("damaged fields are refused, naming the field") {
  const auto refused = [](const char* path, const Json& value, const std::string& part) {
    check_refused([&](Json& json) { json[Json::json_pointer(path)] = value; }, ErrorCode::kBadFormat, part);
  };
  refused("/model", 3, "model");
  refused("/model/vocab", Json::array(), "vocab");
  refused("/model/vocab/a", -1, "vocab");
  refused("/model/vocab/a", 4000000000u, "vocab");
  refused("/model/vocab/a", 0, "two tokens");
  refused("/model/merges", "x", "merges");
  refused("/model/merges/3", "nospace", "merges");
  refused("/model/merges/3", Json::array({"a"}), "merges");
  refused("/model/merges/3", Json::array({"a", "not there"}), "merge 3");
  refused("/model/unk_token", "not there", "unk_token");
  refused("/added_tokens/0/id", "x", "id");
  refused("/added_tokens/0/id", 5, "but 0 in the vocabulary");
  refused("/pre_tokenizer", nullptr, "pre_tokenizer");
  check_refused([](Json& json) { json.erase("model"); }, ErrorCode::kBadFormat, "model");
  CHECK_THROWS_AS(paa::parse_tokenizer_json(Json::array(), "x"), Error);
}

TEST_CASE("merges are read in both spellings, and post-processors do not matter") {
  Json json = small_json();
  for (auto& merge : json["model"]["merges"]) merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
  json["post_processor"] = {{"type", "Sequence"},
                            {"processors", {{{"type", "ByteLevel"}}, {{"type", "TemplateProcessing"}}}}};
  const paa::ByteLevelBpe tokenizer(paa::parse_tokenizer_json(json, "x"), "x");
  golden::check_encodings(tokenizer, "small_golden.json", "gpt2");
}

TEST_CASE("bos and eos come from tokenizer_config.json beside the file") {
  const auto folder = std::filesystem::temp_directory_path() / "paa-tokenizer-json-test";
  std::filesystem::create_directories(folder);
  paa::write_file(folder / "tokenizer.json", small_json().dump());
  CHECK(paa::read_tokenizer_json(folder / "tokenizer.json")->bos() == -1);
  paa::write_file(folder / "tokenizer_config.json",
                  R"({"bos_token": "<|im_start|>", "eos_token": {"content": "<|im_end|>"}, "pad_token": null})");
  const auto tokenizer = paa::read_tokenizer_json(folder / "tokenizer.json");
  CHECK(tokenizer->bos() == tokenizer->find("<|im_start|>"));
  CHECK(tokenizer->eos() == tokenizer->find("<|im_end|>"));
  for (const char* broken : {R"({"eos_token": "not there"})", R"({"eos_token": 3})", "{"}) {
    paa::write_file(folder / "tokenizer_config.json", broken);
    CHECK_THROWS_AS(paa::read_tokenizer_json(folder / "tokenizer.json"), Error);
  }
  std::filesystem::remove_all(folder);
}
