#pragma once
// The parts of a model folder that are never trained.

#include <cstdint>
#include <memory>
#include <span>

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/progress.h"
#include "paa/nn/efficientnet_lite.h"
#include "paa/pmllm/fusion_file.h"
#include "paa/text/tokenizer.h"

namespace paa {

struct FrozenParts {
  std::shared_ptr<const LlmCheckpoint> llm;
  std::unique_ptr<Tokenizer> tokenizer;
  std::unique_ptr<nn::EfficientNetLite> vision;

  std::shared_ptr<const WeightSource> llm_weights() const { return {llm, &llm->weights()}; }
};

/// Compares a part with what model.json says of it; by its SHA-256 if it has at most `hash_up_to` bytes. Errors:
/// kNotFound, kMismatch.
void check_part(const ModelPart& part, std::uint64_t hash_up_to, const Cancel* cancel);

/// Same, for the named parts.
void check_parts(const ModelFolder& folder, std::span<const char* const> roles, std::uint64_t hash_up_to,
                 const Cancel* cancel);

/// Opens LLM, tokenizer and vision encoder. Errors: those of LlmCheckpoint::open, open_tokenizer and
/// VisionCheckpoint::open; kCancelled.
FrozenParts open_frozen_parts(const ModelFolder& folder, const Cancel* cancel);

/// The most vision tokens that a photo has under the policy.
std::int64_t max_photo_tokens(const PhotoPolicy& policy);

}  // namespace paa
