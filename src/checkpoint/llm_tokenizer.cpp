#include "paa/checkpoint/llm_tokenizer.h"

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "paa/core/error.h"
#include "paa/text/gguf_tokenizer.h"
#include "paa/text/sentencepiece_tokenizer.h"
#include "paa/text/tokenizer_json.h"

namespace paa {
namespace {

std::vector<std::string> owned(const std::optional<std::vector<std::string_view>>& views) {
  return views ? std::vector<std::string>(views->begin(), views->end()) : std::vector<std::string>();
}

std::optional<std::uint32_t> token_id(const Gguf& file, std::string_view key) {
  const auto value = file.find_integer(key);
  if (!value) return std::nullopt;
  if (*value < 0 || *value > std::numeric_limits<std::int32_t>::max()) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: {} is {}, which is no token id", file.origin(), key, *value));
  }
  return static_cast<std::uint32_t>(*value);
}

std::unique_ptr<Tokenizer> from_gguf(const Gguf& file) {
  GgufTokenizerFields fields;
  fields.model = file.find_string("tokenizer.ggml.model").value_or("");
  fields.pre = file.find_string("tokenizer.ggml.pre").value_or("");
  fields.tokens = owned(file.find_strings("tokenizer.ggml.tokens"));
  fields.merges = owned(file.find_strings("tokenizer.ggml.merges"));
  for (const std::int64_t type :
       file.find_integers("tokenizer.ggml.token_type").value_or(std::vector<std::int64_t>())) {
    fields.token_types.push_back(static_cast<std::int32_t>(type));
  }
  fields.bos = token_id(file, "tokenizer.ggml.bos_token_id");
  fields.eos = token_id(file, "tokenizer.ggml.eos_token_id");
  fields.add_space_prefix = file.find_bool("tokenizer.ggml.add_space_prefix").value_or(false);
  return make_gguf_tokenizer(std::move(fields), file.origin());
}

std::unique_ptr<Tokenizer> from_folder(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / "tokenizer.json")) return read_tokenizer_json(folder / "tokenizer.json");
  if (std::filesystem::exists(folder / "tokenizer.model")) return read_sentencepiece(folder / "tokenizer.model");
  throw Error(ErrorCode::kNotFound,
              fmt::format("{}: holds neither tokenizer.json nor tokenizer.model", folder.string()));
}

}  // namespace

std::unique_ptr<Tokenizer> open_tokenizer(const LlmCheckpoint& checkpoint) {
  auto tokenizer = checkpoint.gguf() != nullptr ? from_gguf(*checkpoint.gguf()) : from_folder(checkpoint.folder());
  const auto rows = static_cast<std::size_t>(checkpoint.config().vocabulary);
  if (tokenizer->vocabulary_size() > rows) {
    throw Error(ErrorCode::kMismatch, fmt::format("{}: the tokenizer has {} tokens, but the embedding only {} rows",
                                                  checkpoint.weights().origin(), tokenizer->vocabulary_size(), rows));
  }
  return tokenizer;
}

}  // namespace paa
