#pragma once
// Who rates photos on concepts, as the command line names it.

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "paa/chat/http_chat.h"
#include "paa/dlllm/concept_rater.h"
#include "paa/pmllm/pmllm.h"

namespace paa::cli {

/// Filled by the parse; must outlive it.
struct RaterOptions {
  std::string rater{kAnchorsRater};
  std::string chat_url, chat_model;  ///< the server of kChatRater
};

/// Adds --chat and --chat-model to the subcommand; --rater too if `choose`.
void add_rater_options(CLI::App& app, RaterOptions& options, bool choose);

/// The rater that options.rater names, with the server that it may need. The model must outlive it.
class ChosenRater {
 public:
  /// Errors: those of ConceptRater and HttpChat.
  ChosenRater(const RaterOptions& options, const Pmllm& model);
  HighLevelRater& get() noexcept { return rater_.get(); }

 private:
  std::unique_ptr<HttpChat> chat_;
  ConceptRater rater_;
};

}  // namespace paa::cli
