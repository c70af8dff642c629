#pragma once
// The rater of concepts that goes with a population, by its name.

#include <filesystem>
#include <memory>
#include <string_view>

#include "paa/chat/chat_model.h"
#include "paa/dlllm/high_level.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// Names of raters, as Population::rater has them.
inline constexpr std::string_view kAnchorsRater = "anchors";  ///< AnchorRater
inline constexpr std::string_view kDigitsRater = "digits";    ///< DigitRater
inline constexpr std::string_view kChatRater = "chat";        ///< ChatRater

/// A rater with its answers remembered. Not thread-safe.
class ConceptRater {
 public:
  /// `chat`: who is asked by kChatRater, else null. `cache`: folder of what was answered; empty: nothing is remembered.
  /// Model and chat must outlive it. Errors: kInvalidArgument (kChatRater without `chat`), kUnsupported (no rater of
  /// that name: the names are told), those of FeatureCache.
  ConceptRater(std::string_view name, const Pmllm& model, ChatModel* chat, const std::filesystem::path& cache);

  /// The rater; lives as long as this object.
  HighLevelRater& get() noexcept { return kept_ ? *kept_ : *asked_; }

 private:
  std::unique_ptr<HighLevelRater> asked_, kept_;
};

}  // namespace paa
