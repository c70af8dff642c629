#include "paa/chat/scripted_chat.h"

#include <fmt/format.h>

#include "check_chat.h"
#include "paa/core/error.h"

namespace paa {

ScriptedChat::ScriptedChat(std::vector<std::string> replies)
    : script_([replies = std::move(replies), next = std::size_t{0}](auto&&, auto&&) mutable {
        if (next == replies.size()) {
          throw Error(ErrorCode::kLimitExceeded, fmt::format("the script has only {} replies", replies.size()));
        }
        return replies[next++];
      }) {}

ChatReply ScriptedChat::reply(std::span<const ChatMessage> messages, const ChatOptions& options,
                              const ChatCallback& callback, const Cancel* cancel) {
  check_chat(messages, options);
  throw_if_cancelled(cancel);
  ChatReply reply;
  reply.text = script_(messages, options);
  if (callback && !reply.text.empty() && !callback(reply.text)) reply.finish = ChatFinish::kStopped;
  return reply;
}

}  // namespace paa
