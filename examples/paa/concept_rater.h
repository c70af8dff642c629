#pragma once
// Who rates photos on concepts.

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "paa/chat/http_chat.h"
#include "paa/dlllm/high_level.h"
#include "paa/pmllm/pmllm.h"

namespace paa::cli {

/// Names of raters, as --rater and population files have them.
inline constexpr const char* kAnchors = "anchors";  ///< AnchorRater
inline constexpr const char* kDigits = "digits";    ///< DigitRater
inline constexpr const char* kChat = "chat";        ///< ChatRater

/// Filled by the parse; must outlive it.
struct RaterOptions {
  std::string rater = kAnchors;
  std::string chat_url, chat_model;  ///< the server of kChat
};

/// Adds --chat and --chat-model to the subcommand; --rater too if `choose`.
void add_rater_options(CLI::App& app, RaterOptions& options, bool choose);

/// The rater that options.rater names, with its answers remembered. The model must outlive it.
class ConceptRater {
 public:
  /// Errors: kInvalidArgument (kChat without a server), kUnsupported (no rater of that name: the names are told), those
  /// of HttpChat.
  ConceptRater(const RaterOptions& options, const Pmllm& model);

  HighLevelRater& get() noexcept { return kept_ ? *kept_ : *asked_; }

 private:
  std::unique_ptr<HttpChat> chat_;
  std::unique_ptr<HighLevelRater> asked_, kept_;
};

}  // namespace paa::cli
