#pragma once
// The tokenizer and the chat template that came with an LLM.

#include <memory>

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// From the metadata of a GGUF file, or from tokenizer.json (else tokenizer.model) in a Hugging Face folder. Errors:
/// kNotFound (neither file), kBadFormat, kUnsupported (a tokenizer family this library does not have), kMismatch (more
/// tokens than the embedding has rows).
std::unique_ptr<Tokenizer> open_tokenizer(const LlmCheckpoint& checkpoint);

}  // namespace paa
