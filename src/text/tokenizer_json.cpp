#include "paa/text/tokenizer_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace paa {
namespace {

// GPT-2's word pattern in the two spellings found in files.
constexpr std::string_view kGpt2Patterns[] = {
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"};

[[noreturn]] void refuse(std::string_view origin, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, fmt::format("{}: tokenizer: {} is not supported", origin, what));
}

// Reads one component after another and refuses every setting that would change the ids.
class ComponentReader {
 public:
  explicit ComponentReader(std::string_view origin) : origin_(origin) {}

  std::string pre_tokenizer(const Json& component) {
    pre_tokenizer_step(component);
    if (!byte_level_ || !words_) refuse(origin_, "a pre_tokenizer without the words of GPT-2 and a ByteLevel step");
    return digits_ ? "smollm" : "gpt-2";
  }

  void decoder(const Json& component) const {
    const JsonReader reader(component, origin_ + ": decoder");
    if (const auto type = reader.get<std::string>("type"); type != "ByteLevel") refuse(origin_, "decoder " + type);
  }

  void post_processor(const Json& component) const {
    const JsonReader reader(component, origin_ + ": post_processor");
    const auto type = reader.get<std::string>("type");
    if (type == "Sequence") {
      for (const Json& step : reader.get<std::vector<Json>>("processors")) post_processor(step);
    } else if (type != "ByteLevel" && type != "TemplateProcessing") {
      refuse(origin_, "post_processor " + type);
    }
  }

 private:
  void pre_tokenizer_step(const Json& component) {
    const JsonReader reader(component, origin_ + ": pre_tokenizer");
    const auto type = reader.get<std::string>("type");
    if (byte_level_) refuse(origin_, "a pre_tokenizer after ByteLevel");
    if (type == "Sequence") {
      for (const Json& step : reader.get<std::vector<Json>>("pretokenizers")) pre_tokenizer_step(step);
    } else if (type == "Digits") {
      if (!reader.get_or("individual_digits", false)) refuse(origin_, "pre_tokenizer Digits without individual_digits");
      if (words_) refuse(origin_, "pre_tokenizer Digits after Split");
      digits_ = true;
    } else if (type == "Split") {
      split(reader);
    } else if (type == "ByteLevel") {
      byte_level(reader);
    } else {
      refuse(origin_, "pre_tokenizer " + type);
    }
  }

  void split(const JsonReader& reader) {
    const auto pattern = reader.object("pattern").find<std::string>("Regex").value_or("");
    const bool known = pattern == kGpt2Patterns[0] || pattern == kGpt2Patterns[1];
    const bool keeps_words = reader.get<std::string>("behavior") == "Isolated" && !reader.get_or("invert", false);
    if (!known || !keeps_words || words_)
      refuse(origin_, "pre_tokenizer Split by " + reader.get<Json>("pattern").dump());
    words_ = true;
  }

  void byte_level(const JsonReader& reader) {
    if (reader.get_or("add_prefix_space", true)) refuse(origin_, "pre_tokenizer ByteLevel with add_prefix_space");
    const bool own_words = reader.get_or("use_regex", true);
    if (own_words && words_) refuse(origin_, "pre_tokenizer ByteLevel with use_regex after Split");
    words_ = words_ || own_words;
    byte_level_ = true;
  }

  std::string origin_;
  bool digits_ = false;
  bool words_ = false;
  bool byte_level_ = false;
};

void refuse_bpe_settings(const JsonReader& model, const std::string& origin) {
  if (model.get_or("type", std::string("BPE")) != "BPE") refuse(origin, "model " + model.get<std::string>("type"));
  if (model.get_or("dropout", 0.0) != 0) refuse(origin, "model.dropout");
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!model.get_or(key, std::string()).empty()) refuse(origin, fmt::format("model.{}", key));
  }
  for (const char* key : {"fuse_unk", "byte_fallback", "ignore_merges"}) {
    if (model.get_or(key, false)) refuse(origin, fmt::format("model.{}", key));
  }
}

std::vector<std::string> read_vocabulary(const JsonReader& model) {
  const Json vocabulary = model.get<Json>("vocab");
  if (!vocabulary.is_object()) model.fail("vocab", "must be an object");
  std::vector<std::string> tokens;
  for (const auto& [text, value] : vocabulary.items()) {
    const bool in_range = value.is_number_integer() && value >= 0 && value < ByteLevelBpe::kMaxTokens;
    if (!in_range) model.fail("vocab", fmt::format("gives \"{}\" an id that is none, or one too large", text));
    const auto id = value.get<std::size_t>();
    if (id >= tokens.size()) tokens.resize(id + 1);
    if (!tokens[id].empty()) model.fail("vocab", fmt::format("gives id {} to two tokens", id));
    tokens[id] = text;
  }
  return tokens;
}

// A merge is "left right" in older files, ["left", "right"] in newer ones.
std::vector<std::pair<std::string, std::string>> read_merges(const JsonReader& model) {
  std::vector<std::pair<std::string, std::string>> merges;
  for (const Json& merge : model.get<std::vector<Json>>("merges")) {
    if (merge.is_string()) {
      const auto& text = merge.get_ref<const std::string&>();
      const auto space = text.find(' ');
      if (space == std::string::npos) model.fail("merges", fmt::format("[{}] has no space", merges.size()));
      merges.emplace_back(text.substr(0, space), text.substr(space + 1));
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      merges.emplace_back(merge[0].get<std::string>(), merge[1].get<std::string>());
    } else {
      model.fail("merges", fmt::format("[{}] must be two texts", merges.size()));
    }
  }
  return merges;
}

AddedToken read_added_token(const Json& json, const std::string& origin) {
  const JsonReader reader(json, origin + ": added_tokens");
  AddedToken token;
  token.id = reader.get<int>("id");
  token.text = reader.get<std::string>("content");
  token.special = reader.get_or("special", false);
  token.lstrip = reader.get_or("lstrip", false);
  token.rstrip = reader.get_or("rstrip", false);
  token.normalized = reader.get_or("normalized", !token.special);
  token.single_word = reader.get_or("single_word", false);
  return token;
}

// A token in tokenizer_config.json is its text, or an object with the text in "content".
TokenId configured_token(const JsonReader& config, const char* key, const ByteLevelBpe& tokenizer) {
  const auto value = config.find<Json>(key);
  if (!value) return -1;
  const Json* text = &*value;
  if (text->is_object() && text->contains("content")) text = &text->at("content");
  if (!text->is_string()) config.fail(key, "must be a text");
  const TokenId id = tokenizer.find(text->get_ref<const std::string&>());
  if (id < 0) config.fail(key, fmt::format("is {}, which the vocabulary lacks", to_text(*text)));
  return id;
}

}  // namespace

ByteLevelBpeData parse_tokenizer_json(const Json& json, std::string_view origin) {
  const std::string name(origin);
  const JsonReader reader(json, name);
  if (const auto normalizer = reader.find<Json>("normalizer")) {
    refuse(origin, "normalizer " + JsonReader(*normalizer, name + ": normalizer").get<std::string>("type"));
  }
  ByteLevelBpeData data;
  data.pre_tokenizer = ComponentReader(origin).pre_tokenizer(reader.get<Json>("pre_tokenizer"));
  ComponentReader(origin).decoder(reader.get<Json>("decoder"));
  if (const auto post = reader.find<Json>("post_processor")) ComponentReader(origin).post_processor(*post);

  const JsonReader model = reader.object("model");
  refuse_bpe_settings(model, name);
  data.tokens = read_vocabulary(model);
  data.merges = read_merges(model);
  for (const Json& token : reader.get_or("added_tokens", std::vector<Json>())) {
    data.added.push_back(read_added_token(token, name));
  }
  if (const auto unknown = model.find<std::string>("unk_token")) {
    const auto place = std::find(data.tokens.begin(), data.tokens.end(), *unknown);
    if (place == data.tokens.end()) model.fail("unk_token", "is not in the vocabulary");
    data.unknown = static_cast<TokenId>(place - data.tokens.begin());
  }
  return data;
}

std::unique_ptr<Tokenizer> read_tokenizer_json(const std::filesystem::path& path) {
  ByteLevelBpeData data = parse_tokenizer_json(read_json(path), path.string());
  const auto config_path = path.parent_path() / "tokenizer_config.json";
  if (std::filesystem::exists(config_path)) {
    const Json json = read_json(config_path);
    const JsonReader config(json, config_path.string());
    const ByteLevelBpe vocabulary(data, path.string());
    data.bos = configured_token(config, "bos_token", vocabulary);
    data.eos = configured_token(config, "eos_token", vocabulary);
  }
  return std::make_unique<ByteLevelBpe>(std::move(data), path.string());
}

}  // namespace paa
