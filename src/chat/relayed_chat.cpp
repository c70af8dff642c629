#include "paa/chat/relayed_chat.h"

#include <fmt/format.h>

#include "chat_json.h"
#include "check_chat.h"
#include "paa/core/error.h"
#include "paa/text/utf8.h"

namespace paa {

ChatReply RelayedChat::reply(std::span<const ChatMessage> messages, const ChatOptions& options,
                             const ChatCallback& callback, const Cancel* cancel) {
  check_chat(messages, options);
  throw_if_cancelled(cancel);
  Json request = chat_request("", messages, options, false);
  request.erase("model");  // which one answers is the relay's choice
  ChatReply reply;
  relay_(to_text(request), [&](std::string_view piece) {
    throw_if_cancelled(cancel);
    if (!is_utf8(piece)) throw Error(ErrorCode::kBadFormat, "a piece of the chat model's reply is not UTF-8");
    if (reply.text.size() + piece.size() > kLargestReply) {
      throw Error(ErrorCode::kBadFormat, fmt::format("the chat model's reply is longer than {} bytes", kLargestReply));
    }
    reply.text += piece;
    if (!callback || piece.empty() || callback(piece)) return true;
    reply.finish = ChatFinish::kStopped;
    return false;
  });
  throw_if_cancelled(cancel);
  return reply;
}

}  // namespace paa
