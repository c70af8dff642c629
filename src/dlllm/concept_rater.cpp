#include "paa/dlllm/concept_rater.h"

#include <fmt/format.h>

#include "paa/core/error.h"
#include "paa/dlllm/anchor_rater.h"
#include "paa/dlllm/cached_rater.h"
#include "paa/dlllm/chat_rater.h"
#include "paa/dlllm/digit_rater.h"

namespace paa {

ConceptRater::ConceptRater(std::string_view name, const Pmllm& model, ChatModel* chat,
                           const std::filesystem::path& cache) {
  if (name == kAnchorsRater) {
    asked_ = std::make_unique<AnchorRater>(model, cache);
  } else if (name == kDigitsRater) {
    asked_ = std::make_unique<DigitRater>(model);
  } else if (name == kChatRater) {
    if (chat == nullptr) {
      throw Error(ErrorCode::kInvalidArgument,
                  "this population's concepts are rated by a chat model, and none was handed in");
    }
    asked_ = std::make_unique<ChatRater>(*chat);
    if (!cache.empty()) kept_ = std::make_unique<CachedRater>(*asked_, cache);
  } else {
    throw Error(ErrorCode::kUnsupported, fmt::format("there is no rater of concepts \"{}\"; there are {}, {} and {}", name,
                                                     kAnchorsRater, kDigitsRater, kChatRater));
  }
}

}  // namespace paa
