#pragma once
// Hugging Face's tokenizer.json and tokenizer_config.json.

#include <filesystem>
#include <memory>
#include <string_view>

#include "paa/core/json.h"
#include "paa/text/byte_level_bpe.h"

namespace paa {

/// Reads the contents of a tokenizer.json. Supported is what GPT-2 and SmolLM use: model BPE; pre-tokenizer ByteLevel,
/// or a Sequence of Digits (one by one), Split by GPT-2's pattern, and ByteLevel; decoder ByteLevel; no normalizer. The
/// post-processor may be ByteLevel, TemplateProcessing or a Sequence of these: neither matters to a Tokenizer, which
/// adds nothing at the ends and trims no offsets. Truncation and padding are left out. bos and eos are not in this
/// file: they stay -1. Errors: kUnsupported naming any other component, kBadFormat.
ByteLevelBpeData parse_tokenizer_json(const Json& json, std::string_view origin);

/// Reads a tokenizer.json, and bos and eos from the tokenizer_config.json beside it if there is one.
/// Errors: those of read_json, parse_tokenizer_json and ByteLevelBpe.
std::unique_ptr<Tokenizer> read_tokenizer_json(const std::filesystem::path& path);

}  // namespace paa
