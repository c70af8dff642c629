#include "concept_rater.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "paa/core/error.h"
#include "paa/dlllm/anchor_rater.h"
#include "paa/dlllm/cached_rater.h"
#include "paa/dlllm/chat_rater.h"
#include "paa/dlllm/digit_rater.h"
#include "personal_run.h"

namespace paa::cli {

void add_rater_options(CLI::App& app, RaterOptions& options, bool choose) {
  if (choose) {
    app.add_option("--rater", options.rater,
                   "Who rates photos on concepts: anchors (the default), digits, or chat (needs --chat)")
        ->option_text("NAME")
        ->check(CLI::IsMember({kAnchors, kDigits, kChat}));
  }
  app.add_option("--chat", options.chat_url,
                 "A server to rate photos on concepts, which are sent to it; key: $PAA_CHAT_KEY")
      ->option_text("URL");
  app.add_option("--chat-model", options.chat_model, "The server's name of the model")->option_text("NAME");
}

ConceptRater::ConceptRater(const RaterOptions& options, const Pmllm& model) {
  if (options.rater == kAnchors) {
    asked_ = std::make_unique<AnchorRater>(model, feature_cache_folder());
  } else if (options.rater == kDigits) {
    asked_ = std::make_unique<DigitRater>(model);
  } else if (options.rater == kChat) {
    if (options.chat_url.empty() || options.chat_model.empty()) {
      throw Error(ErrorCode::kInvalidArgument, "concepts are rated by a chat server; name it with --chat and --chat-model");
    }
    HttpChatOptions server;
    server.url = options.chat_url;
    server.model = options.chat_model;
    chat_ = std::make_unique<HttpChat>(std::move(server));
    asked_ = std::make_unique<ChatRater>(*chat_);
    kept_ = std::make_unique<CachedRater>(*asked_, feature_cache_folder());
  } else {
    throw Error(ErrorCode::kUnsupported, fmt::format("there is no rater of concepts \"{}\"; there are {}, {} and {}",
                                                     options.rater, kAnchors, kDigits, kChat));
  }
}

}  // namespace paa::cli
