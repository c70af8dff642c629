#include "frozen_parts.h"

#include <fmt/format.h>

#include "paa/checkpoint/llm_tokenizer.h"
#include "paa/checkpoint/vision_checkpoint.h"

namespace paa {

void check_part(const ModelPart& part, std::uint64_t hash_up_to, const Cancel* cancel) {
  const PartState state = verify_part(part, {}, cancel, hash_up_to);
  if (state == PartState::kOk) return;
  const char* wrong = state == PartState::kMissing       ? "is missing"
                      : state == PartState::kWrongLength ? "has not the length that model.json gives (truncated?)"
                                                         : "has not the SHA-256 that model.json gives (damaged?)";
  throw Error(state == PartState::kMissing ? ErrorCode::kNotFound : ErrorCode::kMismatch,
              fmt::format("{}: the model's part {} {}; fetch the model again", part.path.string(), part.role, wrong));
}

void check_parts(const ModelFolder& folder, std::span<const char* const> roles, std::uint64_t hash_up_to,
                 const Cancel* cancel) {
  for (const char* role : roles) check_part(folder.part(role), hash_up_to, cancel);
}

FrozenParts open_frozen_parts(const ModelFolder& folder, const Cancel* cancel) {
  FrozenParts parts;
  const auto vision = std::make_shared<const VisionCheckpoint>(VisionCheckpoint::open(folder.part("vision").path));
  parts.vision = std::make_unique<nn::EfficientNetLite>(
      vision->config(), std::shared_ptr<const WeightSource>(vision, &vision->weights()));
  throw_if_cancelled(cancel);
  parts.llm = std::make_shared<const LlmCheckpoint>(LlmCheckpoint::open(folder.part("llm").path));
  parts.tokenizer = open_tokenizer(*parts.llm);
  return parts;
}

std::int64_t max_photo_tokens(const PhotoPolicy& policy) {
  if (policy.kind == PhotoPolicy::Kind::kAspect) return policy.max_cells;
  const auto cells = [](std::int64_t pixels) {
    return (pixels + nn::EfficientNetLite::kStride - 1) / nn::EfficientNetLite::kStride;
  };
  return cells(policy.width) * cells(policy.height);
}

}  // namespace paa
