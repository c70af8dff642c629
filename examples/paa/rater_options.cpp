#include "rater_options.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "paa/core/error.h"
#include "paa/dlllm/feature_cache.h"

namespace paa::cli {
namespace {

std::unique_ptr<HttpChat> server_of(const RaterOptions& options) {
  if (options.rater != kChatRater) return nullptr;
  if (options.chat_url.empty() || options.chat_model.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "concepts are rated by a chat server; name it with --chat and --chat-model");
  }
  HttpChatOptions server;
  server.url = options.chat_url;
  server.model = options.chat_model;
  return std::make_unique<HttpChat>(std::move(server));
}

}  // namespace

void add_rater_options(CLI::App& app, RaterOptions& options, bool choose) {
  if (choose) {
    app.add_option("--rater", options.rater,
                   "Who rates photos on concepts: anchors (the default), digits, or chat (needs --chat)")
        ->option_text("NAME")
        ->check(CLI::IsMember({std::string(kAnchorsRater), std::string(kDigitsRater), std::string(kChatRater)}));
  }
  app.add_option("--chat", options.chat_url,
                 "A server to rate photos on concepts, which are sent to it; key: $PAA_CHAT_KEY")
      ->option_text("URL");
  app.add_option("--chat-model", options.chat_model, "The server's name of the model")->option_text("NAME");
}

ChosenRater::ChosenRater(const RaterOptions& options, const Pmllm& model)
    : chat_(server_of(options)), rater_(options.rater, model, chat_.get(), feature_cache_folder()) {}

}  // namespace paa::cli
