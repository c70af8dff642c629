#include "paa/text/gguf_tokenizer.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "paa/core/error.h"
#include "paa/text/byte_level_bpe.h"

namespace paa {
namespace {

enum GgufTokenType : std::int32_t { kNormal = 1, kControl = 3, kUserDefined = 4, kUnused = 5 };

[[noreturn]] void fail(ErrorCode code, std::string_view origin, const std::string& what) {
  throw Error(code, fmt::format("{}: tokenizer.ggml.{}", origin, what));
}

std::vector<AddedToken> added_tokens(const GgufTokenizerFields& fields, std::string_view origin) {
  std::vector<AddedToken> added;
  for (std::size_t id = 0; id < fields.token_types.size(); ++id) {
    const std::int32_t type = fields.token_types[id];
    if (type == kNormal || type == kUnused) continue;
    if (type != kControl && type != kUserDefined) {
      fail(ErrorCode::kUnsupported, origin,
           fmt::format("token_type[{}] is {}, which a byte-level vocabulary cannot have", id, type));
    }
    added.push_back({.id = static_cast<TokenId>(id), .text = fields.tokens[id], .special = type == kControl});
  }
  return added;
}

TokenId token_id(std::optional<std::uint32_t> id, const char* key, std::string_view origin) {
  if (!id) return -1;
  if (*id > static_cast<std::uint32_t>(std::numeric_limits<TokenId>::max())) {
    fail(ErrorCode::kBadFormat, origin, fmt::format("{} is {}, which is no token's id", key, *id));
  }
  return static_cast<TokenId>(*id);
}

}  // namespace

std::unique_ptr<Tokenizer> make_gguf_tokenizer(GgufTokenizerFields fields, std::string_view origin) {
  if (fields.model != "gpt2") {
    fail(ErrorCode::kUnsupported, origin,
         fmt::format("model is \"{}\"; only \"gpt2\" (byte-level BPE) is supported", fields.model));
  }
  if (fields.add_space_prefix) fail(ErrorCode::kUnsupported, origin, "add_space_prefix is not supported");
  if (fields.tokens.empty()) fail(ErrorCode::kBadFormat, origin, "tokens is missing or empty");
  if (fields.tokens.size() > ByteLevelBpe::kMaxTokens) {
    fail(ErrorCode::kLimitExceeded, origin,
         fmt::format("tokens has {} entries, more than the limit of {}", fields.tokens.size(),
                     ByteLevelBpe::kMaxTokens));
  }
  if (fields.token_types.size() != fields.tokens.size()) {
    fail(ErrorCode::kBadFormat, origin,
         fmt::format("token_type has {} entries for {} tokens", fields.token_types.size(), fields.tokens.size()));
  }
  ByteLevelBpeData data;
  data.pre_tokenizer = fields.pre;
  data.added = added_tokens(fields, origin);
  data.bos = token_id(fields.bos, "bos_token_id", origin);
  data.eos = token_id(fields.eos, "eos_token_id", origin);
  data.merges.reserve(fields.merges.size());
  for (const std::string& merge : fields.merges) {
    // A space inside a token is written "Ġ", so the one space is the border.
    const auto space = merge.find(' ');
    if (space == std::string::npos) {
      fail(ErrorCode::kBadFormat, origin, fmt::format("merges[{}] has no space", data.merges.size()));
    }
    data.merges.emplace_back(merge.substr(0, space), merge.substr(space + 1));
  }
  data.tokens = std::move(fields.tokens);
  return std::make_unique<ByteLevelBpe>(std::move(data), origin);
}

}  // namespace paa
