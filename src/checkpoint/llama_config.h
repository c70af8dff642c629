#pragma once
// The Llama family's configuration, read from either format, and the tensors it asks for.

#include "paa/checkpoint/gguf.h"
#include "paa/checkpoint/llm_checkpoint.h"

namespace paa {

/// Errors: kBadFormat (missing or wrong key), kUnsupported (names the key).
LlmConfig read_gguf_config(const Gguf& gguf);
/// `path` is a config.json. Errors: as above, and those of read_json.
LlmConfig read_hugging_face_config(const std::filesystem::path& path);

/// Checks that `weights` hold exactly what the configuration asks for, under Hugging Face's names. Errors: kNotFound,
/// kMismatch (shape), kUnsupported (an element type that cannot be read as float, or a tensor the family does not
/// have).
void check_llama_tensors(const LlmConfig& config, const WeightSource& weights);

}  // namespace paa
